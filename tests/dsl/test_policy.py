"""What is done when a unit changes: words that the unit carries, and that no file has."""

import pytest

from mkunit import DropIn, MkunitError, Service, Socket, cmd
from mkunit.model.plan import Policy
from mkunit.renderer import text


def policy(**words: object) -> Policy:
    return Policy.of(Service("a", exec_start="/bin/a", **words).policy)  # type: ignore[arg-type]


def test_words_are_carried_and_not_written() -> None:
    """The file is that of a unit without them."""
    words = {
        "on_change": "keep",
        "restart_on": ["/etc/a"],
        "reload_on": "/etc/b",
        "ensure": "running",
        "rolling": 2,
        "probe": "tcp:80",
        "on_remove": "keep",
    }
    unit = Service("a", exec_start="/bin/a", **words)  # type: ignore[arg-type]
    assert text(unit) == text(Service("a", exec_start="/bin/a"))
    assert Policy.of(unit.policy) == Policy(
        "keep", ("/etc/a",), ("/etc/b",), "running", ("tcp", "localhost", "80"), 2, "keep"
    )


def test_nothing_said_is_the_usual() -> None:
    """None leaves a word out."""
    assert policy(on_change=None) == Policy()
    assert Policy.of(Socket("a", listen=[1], on_change="keep").policy).on_change == "keep"
    assert Policy.of(DropIn("a.service", nice=1, on_change="reload").policy).on_change == "reload"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("tcp:8080", ("tcp", "localhost", "8080")), ("tcp:[::1]:8080", ("tcp", "::1", "8080")),
        ("http://localhost/x", ("http", "http://localhost/x")), (["/bin/a", "b c"], ("command", "/bin/a", "b c")),
        (cmd("/bin/a", "100%"), ("command", "/bin/a", "100%")),
    ],
)  # fmt: skip
def test_probe(given: object, found: tuple[str, ...]) -> None:
    """A connection, a request, or a command, whose arguments are data."""
    assert policy(probe=given).probe == found


@pytest.mark.parametrize(
    "words",
    [
        {"on_change": "bounce"}, {"ensure": True}, {"restart_on": ["relative"]}, {"reload_on": [3]}, {"rolling": 0}, {"rolling": True},
        {"probe": "udp:53"}, {"probe": "tcp:99999"}, {"probe": ["relative"]}, {"probe": []}, {"probe": 5}, {"on_remove": "leave"},
    ],
)  # fmt: skip
def test_wrong_words(words: dict[str, object]) -> None:
    """An error with what to write instead, and the line."""
    with pytest.raises(MkunitError) as caught:
        policy(**words)
    found = caught.value.diagnostics[0]
    assert found.hint
    assert found.origin and found.origin.path == __file__


def test_word_of_another_kind() -> None:
    """A probe is a service's."""
    with pytest.raises(MkunitError, match="probe"):
        Socket("a", listen=[1], probe="tcp:1")  # type: ignore[call-arg]
