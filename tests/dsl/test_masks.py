"""`masked=True`: a unit of which nothing is said but that nobody is to start it."""

import pytest

from mkunit import DropIn, MkunitError, Mount, Service, Socket
from mkunit.errors import CheckError
from mkunit.model.target import Target as Release
from mkunit.model.unit import MASK, Unit
from mkunit.pipeline import assemble
from mkunit.renderer import source, text

RELEASE = Release(252, None)


def test_masked_unit_is_a_link() -> None:
    """Its text stands for a link to /dev/null, whatever its kind, and it has no line of its own."""
    units = Service("cups", masked=True), Socket("rpcbind", masked=True), Mount("/mnt/x", masked=True)
    assert [text(unit) for unit in units] == [MASK] * 3
    assert [unit.entries for unit in units] == [()] * 3
    assert Service("cups", masked=False, exec_start="/bin/a").directive("ExecStart") == "/bin/a"


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"masked": True, "exec_start": "/bin/a"}, "`exec_start` is given to a unit that is masked"),
        ({"masked": True, "on_remove": "keep"}, "`on_remove` is given to a unit that is masked"),
        ({"masked": "yes"}, "`masked` takes no str"),
    ],
)
def test_nothing_else_can_be_said(keywords: dict[str, object], words: str) -> None:
    """Nobody would read it."""
    with pytest.raises(MkunitError, match=words):
        Service("cups", **keywords)  # type: ignore[arg-type]  # wrong on purpose


def test_drop_in_masks_nothing() -> None:
    """The unit itself is what is masked."""
    with pytest.raises(MkunitError, match="for a whole unit"):
        DropIn("cups.service", masked=True)  # type: ignore[call-arg]  # as above


def built(*units: Unit) -> list[str]:
    return [file.text for file in assemble(units, "system", RELEASE).files]


def test_rules_have_nothing_to_say_of_it() -> None:
    """It lacks nothing; but its name is taken."""
    assert built(Service("a", masked=True), Socket("b", masked=True)) == [MASK, MASK]
    with pytest.raises(CheckError, match="duplicate-unit"):
        built(Service("a", masked=True), Service("a", exec_start="/bin/a"))


def test_masked_socket_starts_nothing() -> None:
    """Its service is enabled by itself, as if the socket were not there."""
    service = assemble([Socket("a", masked=True), Service("a", exec_start="/bin/a")], "system", RELEASE).files[0]
    assert "WantedBy=multi-user.target" in service.text


def test_as_python_again() -> None:
    """The source of it makes the same."""
    assert 'Service("cups", masked=True)' in source.text([Service("cups", masked=True)])
    assert 'Mount("/mnt/x", scope="user", masked=True)' in source.text([Mount("/mnt/x", scope="user", masked=True)])
