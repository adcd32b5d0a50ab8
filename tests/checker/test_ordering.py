"""No unit of a project waits for itself."""

from collections.abc import Sequence
from itertools import pairwise

from mkunit import DropIn, Service, Socket, Target, Timer, Unit
from mkunit.checker import ordering
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target as Machine


def rings(*units: Unit) -> list[Diagnostic]:
    return list(ordering.rings(Graph.of(settle(units, "system")), Machine(252)))


def chain(names: Sequence[str]) -> list[Unit]:
    """Each unit after the one before it."""
    return [Target(name, after=[f"{before}.target"]) for before, name in pairwise(names)]


def test_no_ring() -> None:
    """An order that has an end is fine."""
    assert rings(Target("a"), *chain("abcd"), Target("e", before=["a.target"], after=["nobody.target"])) == []


def test_two() -> None:
    """The shortest ring, with the place of each edge."""
    a = Target("a", after=["b.target"])
    b = Target("b", after=["a.target"])
    (found,) = rings(a, b)
    assert found.message == "the order of starting goes in a ring: `a.target` → `b.target` → `a.target`"
    assert found.hint is not None
    assert f"`After=` of `b.target`, {b.origin}" in found.hint
    assert f"`After=` of `a.target`, {a.origin}" in found.hint


def test_itself() -> None:
    """A unit after itself is a ring of one."""
    assert "`a.target` → `a.target`" in rings(Target("a", after=["a.target"]))[0].message


def test_before_and_after() -> None:
    """`Before=` and `After=` are one order."""
    assert len(rings(Target("a", before=["b.target"]), Target("b", before=["a.target"]))) == 1
    assert rings(Target("a", before=["b.target"]), Target("b", after=["a.target"])) == []


def test_the_whole_ring() -> None:
    """All units of a ring are named, in order."""
    (found,) = rings(*chain("abc"), Target("a", after=["c.target"]))
    assert found.message.endswith("`a.target` → `b.target` → `c.target` → `a.target`")


def test_two_rings() -> None:
    """Rings that have nothing to do with one another are told apart."""
    units = [*chain("ab"), Target("a", after=["b.target"]), *chain("xy"), Target("x", after=["y.target"])]
    assert len(rings(*units)) == 2


def test_an_edge_that_nobody_wrote() -> None:
    """A socket comes before its service: a socket after its service is a ring."""
    api = Service("api", exec_start="/bin/true")
    (found,) = rings(api, Socket("api", listen=[1], after=[api]))
    assert found.hint is not None
    assert "`api.socket` starts `api.service`" in found.hint


def test_a_timer_after_what_it_starts() -> None:
    """So is a timer after the unit that it starts."""
    job = Service("job", exec_start="/bin/true")
    assert len(rings(job, Timer("job", on_calendar="daily", after=[job]))) == 1


def test_edges_of_dropins() -> None:
    """A drop-in's order counts."""
    assert len(rings(Target("a"), Target("b", after=["a.target"]), DropIn("a.target", after=["b.target"]))) == 1


def test_scopes_are_apart() -> None:
    """The system's units do not wait for the user's."""
    assert rings(Target("a", after=["b.target"]), Target("b", after=["a.target"], scope="user")) == []


def test_others_units_are_unknown() -> None:
    """What is not in the project may have any order of its own."""
    assert rings(Target("a", after=["b.target"], before=["b.target"])) == []


def test_long_chains() -> None:
    """A chain of thousands is no reason to fail."""
    names = [f"n{i}" for i in range(5000)]
    first = Target(names[0], after=[f"{names[-1]}.target"])
    assert len(rings(first, *chain(names))) == 1
