"""The graph: which unit has to do with which, as systemd would see it."""

import pytest

from mkunit.errors import Origin
from mkunit.model.graph import RELATIONS, Graph, expand, triggered
from mkunit.model.unit import Entry, Unit

HERE = Origin("units/a.py", 3)


def unit(name: str, *lines: tuple[str, str, str], **more: object) -> Unit:
    return Unit(name, tuple(Entry(*line) for line in lines), **more)


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("web@blue.socket", "%p@%i.service", "web@blue.service"),
        ("web@blue.socket", "%n", "web@blue.socket"),
        ("web@blue.socket", "%N.service", "web@blue.service"),
        ("my-web-app.socket", "%j.service", "app.service"),
        ("web.socket", "%i.service", ".service"),
        ("web.socket", "%%n.service", "%n.service"),
        ("web.socket", "%%%p.service", "%web.service"),
        ("web.socket", "%H.service", "%H.service"),
        ("web.socket", "plain.service", "plain.service"),
    ],
)
def test_specifiers_of_the_own_name(name: str, word: str, expected: str) -> None:
    """Those are filled in, and others are left."""
    assert expand(word, Unit(name)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (unit("a.socket"), "a.service"),
        (unit("a@.socket"), "a@.service"),
        (unit("a.socket", ("Socket", "Accept", "yes")), "a@.service"),
        (unit("a@b.socket", ("Socket", "Accept", "yes")), "a@.service"),
        (unit("a.socket", ("Socket", "Service", "b.service")), "b.service"),
        (unit("a.socket", ("Socket", "Service", "b.service"), ("Socket", "Service", "c.service")), "c.service"),
        (unit("a@x.socket", ("Socket", "Service", "b@%i.service")), "b@x.service"),
        (unit("a.timer"), "a.service"),
        (unit("a.timer", ("Timer", "Unit", "b.target")), "b.target"),
        (unit("a.timer", ("Timer", "Unit", "b.service"), ("Timer", "Unit", "c.service")), "b.service"),
        (unit("a.timer", ("Timer", "Unit", "")), "a.service"),
        (unit("a.path", ("Path", "Unit", "b.service")), "b.service"),
        (unit("a.automount"), "a.mount"),
    ],
    ids=str,
)
def test_what_a_unit_starts(given: Unit, expected: str) -> None:
    """The service of its name, or the one that it names: of a socket's lines the last holds, of a timer's the first."""
    found = triggered(given)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize("name", ["a.service", "a.target", "a.mount", "a.slice", "a.swap"])
def test_others_start_nothing(name: str) -> None:
    """A service, say, is started and starts nothing."""
    assert triggered(Unit(name)) is None


@pytest.mark.parametrize(("directive", "relation"), RELATIONS.items())
def test_each_word_is_an_edge(directive: str, relation: str) -> None:
    """A list is an edge for each of its units, with the place where it was written."""
    lines = (Entry("Unit", directive, "b.service c@%p.service", HERE),)
    edges = Graph.of([Unit("a.service", lines, Origin("units/a.py", 1))]).edges
    assert [(e.relation, e.source, e.target, e.origin, e.directive) for e in edges] == [
        (relation, "a.service", "b.service", HERE, directive),
        (relation, "a.service", "c@a.service", HERE, directive),
    ]


def test_what_starts_another_comes_before_it() -> None:
    """A socket has an edge to its service, and is ordered before it, without a line that says so."""
    edges = Graph.of([unit("a.socket", origin=HERE)]).edges
    assert [(e.relation, e.target, e.implicit, e.origin) for e in edges] == [
        ("triggers", "a.service", True, HERE), ("before", "a.service", True, HERE),
    ]  # fmt: skip


def test_an_instance_has_an_edge_to_its_template() -> None:
    """It is made from it."""
    edges = Graph.of([unit("a@b.service")]).edges
    assert [(e.relation, e.target) for e in edges] == [("template", "a@.service")]


def test_a_drop_in_adds_edges_to_its_unit() -> None:
    """Its own lines do, and it starts nothing by itself."""
    edges = Graph.of([unit("a.socket", ("Unit", "After", "b.target"), dropin="5.conf")]).edges
    assert [(e.relation, e.source, e.target) for e in edges] == [("after", "a.socket", "b.target")]


def test_units_are_found_by_scope_and_name() -> None:
    """An instance is found by its template; drop-ins are no units; of two of one name the first is found."""
    whole, template, users = unit("a.service"), unit("t@.service"), unit("a.service", scope="user")
    graph = Graph.of(
        [unit("a.service", dropin="5.conf"), whole, unit("a.service", ("Unit", "X-A", "")), template, users]
    )
    assert graph.get("system", "a.service") is whole
    assert graph.get("user", "a.service") is users
    assert graph.get("system", "t@x.service") is template
    assert graph.get("user", "t@x.service") is None
    assert graph.get("system", "b.service") is None
    assert graph.get("system", "no name") is None
