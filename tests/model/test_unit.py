"""Units as data: what was set, as a reader asks for it."""

import pytest
from attrs.exceptions import FrozenInstanceError

from mkunit.model.unit import Entry, Unit

LINES = (
    Entry("Unit", "After", "a.target"),
    Entry("Service", "ExecStart", "/bin/old"),
    Entry("Service", "ExecStart", ""),
    Entry("Service", "ExecStart", "/bin/a"),
    Entry("Service", "Nice", "1"),
    Entry("Service", "ExecStart", "/bin/b"),
    Entry("Service", "Nice", "2"),
    Entry("Service", "PrivateTmp", "On"),
    Entry("Service", "RemainAfterExit", "no"),
)
UNIT = Unit("web@blue.service", LINES)


def test_it_prints_as_its_name() -> None:
    """So it can stand wherever a name can."""
    assert f"{UNIT} {UNIT.kind} {UNIT.path}" == "web@blue.service service web@blue.service"
    assert UNIT.parts.template == "web@.service"


def test_a_drop_in_lies_in_the_folder_of_its_unit() -> None:
    """Its path is relative to the folder of units."""
    assert Unit("web.service", dropin="50-a.conf").path == "web.service.d/50-a.conf"


def test_it_is_frozen() -> None:
    """Nobody changes a unit behind another's back."""
    with pytest.raises(FrozenInstanceError):
        UNIT.name = "other.service"  # type: ignore[misc]


def test_lines_of_a_directive() -> None:
    """In the order of the file, from all sections or from one."""
    assert [e.value for e in UNIT.all("ExecStart")] == ["/bin/old", "", "/bin/a", "/bin/b"]
    assert not list(UNIT.all("ExecStart", "Unit"))


def test_an_empty_line_takes_back_what_came_before() -> None:
    """As it does for systemd."""
    assert UNIT.values("ExecStart") == ("/bin/a", "/bin/b")
    assert UNIT.values("Wants") == ()


def test_the_last_line_holds() -> None:
    """Where a directive has one value only."""
    assert UNIT.directive("Nice") == "2"
    assert UNIT.directive("User") is None


@pytest.mark.parametrize("word", ["1", "yes", "y", "true", "t", "on", "YES", "True"])
def test_words_for_true(word: str) -> None:
    """systemd's, in any case."""
    assert Unit("a.socket", (Entry("Socket", "Accept", word),)).flag("Accept")


@pytest.mark.parametrize("word", ["0", "no", "n", "false", "f", "off", "nonsense"])
def test_words_for_false(word: str) -> None:
    """All others."""
    assert not Unit("a.socket", (Entry("Socket", "Accept", word),)).flag("Accept", default=True)


def test_a_flag_that_is_not_set_has_its_default() -> None:
    """An empty line sets nothing."""
    assert UNIT.flag("Accept", default=True)
    assert not UNIT.flag("Accept")
    assert Unit("a.socket", (Entry("Socket", "Accept", ""),)).flag("Accept", default=True)
