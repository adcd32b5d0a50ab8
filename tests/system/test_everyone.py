"""The systemd of every user: names of units, and how many have it how."""

from collections.abc import Mapping
from pathlib import Path

from mkunit.model.plan import State
from mkunit.system.everyone import Everyone, machine
from mkunit.system.live import Live
from mkunit.system.place import Place

UP, DOWN, BAD = (
    State("loaded", "active", "running"),
    State("loaded", "inactive", "dead"),
    State("loaded", "failed", "x"),
)


def seen(places: Mapping[str, Mapping[str, str]] | None = None, **units: Mapping[str, State]) -> Everyone:
    return Everyone("global", seen=units, places=places or {})


def test_names_of_units() -> None:
    """The user's, then the unit's own; one that is nobody's is everybody's."""
    found = seen(kim={"a.service": UP, "b.service": UP}, sam={"a.service": DOWN})
    assert found.units() == {"kim/a.service": UP, "kim/b.service": UP, "sam/a.service": DOWN}
    assert found.units(["kim/b.service"]) == {"kim/b.service": UP}
    assert found.units(["a.service"]) == {"kim/a.service": UP, "sam/a.service": DOWN}


def test_who_is_gone() -> None:
    """A unit of a user who has logged out is not unwell."""
    assert seen(kim={}).units(["ida/a.service"])["ida/a.service"].is_up


def test_how_many() -> None:
    """The gravest is said, and for how many."""
    found = seen(kim={"a.service": UP, "b.service": UP}, sam={"a.service": UP, "b.service": BAD}, ida={})
    assert {name: (state.active, state.sub) for name, state in found.together().items()} == {
        "a.service": ("active", "2 of 3 users"),
        "b.service": ("failed", "1 of 3 users"),
    }


def test_files_elsewhere() -> None:
    """A user's own file, but not ours by its other name; what is wrong with theirs is not asked after."""
    own, masked = "/home/kim/.config/systemd/user/a.service", State("masked", "inactive", "dead")
    ours = "/etc/systemd/user/b.service"
    found = seen({"kim": {"a.service": own, "b.service": ours}}, kim={"a.service": masked, "b.service": masked})
    assert found.elsewhere("kim", ["a.service", "b.service", "c.service"]) == {"a.service": own}
    assert list(found.units(["a.service", "b.service"])) == ["kim/b.service"]


def test_below_another_root(tmp_path: Path) -> None:
    """There are no users, only their folder and its records, which the image has when it runs, too."""
    found = machine("global", str(tmp_path))
    assert (found.folder, found.is_running()) == (f"{tmp_path}/etc/systemd/user", False)
    own = Place(Live("user", str(tmp_path)))
    assert (Place(found).state, Place(machine("global")).state) == (own.state, Path("/var/lib/mkunit/user"))
    assert Place(machine("global")).lock != Place(Live("system")).lock
