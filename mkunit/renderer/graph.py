"""Units and their edges as a picture to draw: what starts what, in which order, and where the order goes in a ring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mkunit.model.graph import Edge, Graph

# What an edge is drawn as, and whether it is drawn from its target: a unit is drawn below what starts it.
_DRAWN = {
    "triggers": ("triggers", False), "requires": ("requires", False), "binds-to": ("binds to", False),
    "wants": ("wants", False), "wanted-by": ("wants", True), "required-by": ("requires", True),
    "part-of": ("part", True), "slice": ("slice", True), "conflicts": ("conflicts", False),
    "after": ("before", True), "before": ("before", False), "template": ("instance", True),
}  # fmt: skip
GROUPS = ("part", "slice")
STARTS = ("triggers", "requires", "binds to", "wants", "instance", *GROUPS)


class Node(NamedTuple):
    """A unit; `known` where it is one of those that were given, and not only named by one."""

    name: str
    scope: str
    known: bool
    description: str | None = None
    source: str | None = None

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2]


class Link(NamedTuple):
    """An edge from a unit to one that it starts, or that comes after it."""

    relation: str
    source: str
    target: str
    scope: str
    implicit: bool = False
    ring: bool = False  # the order goes round in a ring here, which systemd breaks somewhere


class Picture(NamedTuple):
    """What is to be drawn."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    rings: tuple[tuple[str, ...], ...]

    @property
    def scopes(self) -> list[str]:
        return list(dict.fromkeys(node.scope for node in self.nodes))


class Row(NamedTuple):
    """A line of the tree."""

    lead: str
    relation: str
    name: str
    note: str
    known: bool


def picture(graph: Graph) -> Picture:
    """All units and edges, each once, in a stable order."""
    links = list(dict.fromkeys(filter(None, map(_link, graph.edges))))
    triggers = {(one.source, one.target, one.scope) for one in links if one.relation == "triggers"}
    # That a socket comes before its service goes without saying.
    links = [one for one in links if not (one.relation == "before" and one.implicit and one[1:4] in triggers)]
    rings = [ring for scope in ("system", "user") for ring in _rings(links, scope)]
    marked = tuple(one._replace(ring=_is_in(one, rings)) for one in links)
    nodes: dict[tuple[str, str], Node] = {}
    for (scope, name), unit in graph.named.items():
        nodes[scope, name] = Node(name, scope, True, unit.directive("Description"), unit.source)
    for unit in graph.units:
        nodes.setdefault((unit.scope or "system", unit.name), Node(unit.name, unit.scope or "system", True))
    for one in marked:
        for name in (one.source, one.target):
            nodes.setdefault((one.scope, name), Node(name, one.scope, False))
    return Picture(tuple(nodes.values()), marked, tuple(rings))


def _link(edge: Edge) -> Link | None:
    drawn = _DRAWN.get(edge.relation)
    if drawn is None:
        return None
    relation, turned = drawn
    source, target = (edge.target, edge.source) if turned else (edge.source, edge.target)
    return Link(relation, source, target, edge.scope, edge.implicit)


def _is_in(link: Link, rings: Iterable[tuple[str, ...]]) -> bool:
    return link.relation == "before" and any(link.source in ring and link.target in ring for ring in rings)


def _rings(links: Sequence[Link], scope: str) -> Iterator[tuple[str, ...]]:
    """The sets of units that are ordered before one another, each in the order of a way round."""
    order: dict[str, list[str]] = {}
    for one in links:
        if one.relation == "before" and one.scope == scope:
            order.setdefault(one.source, []).append(one.target)
    seen: set[str] = set()
    for start in order:
        if start not in seen and (ring := _way_back(order, start)):
            seen |= set(ring)
            yield ring


def _way_back(order: Mapping[str, Sequence[str]], start: str) -> tuple[str, ...] | None:
    """The shortest way from a unit back to itself."""
    came: dict[str, str] = {}
    line = [start]
    for name in line:
        for then in order.get(name, ()):
            if then == start:
                way = [name]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return tuple(reversed(way))
            if then not in came:
                came[then] = name
                line.append(then)
    return None


def around(drawn: Picture, names: Iterable[str]) -> Picture:
    """Of the picture only some units, all that starts them, all that they start, and their own neighbours."""
    middle = set(names)
    starts = [one for one in drawn.links if one.relation in STARTS and one.relation not in GROUPS]
    above = _closure(middle, {(one.target, one.source) for one in starts})
    below = _closure(middle, {(one.source, one.target) for one in starts})
    beside = {name for one in drawn.links if {one.source, one.target} & middle for name in (one.source, one.target)}
    kept = above | below | beside
    return Picture(
        tuple(node for node in drawn.nodes if node.name in kept),
        tuple(one for one in drawn.links if one.source in kept and one.target in kept),
        tuple(ring for ring in drawn.rings if set(ring) <= kept),
    )


def _closure(start: Iterable[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    """All that the edges lead to from there."""
    after: dict[str, list[str]] = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
    found = list(dict.fromkeys(start))
    for name in found:
        found += [then for then in dict.fromkeys(after.get(name, ())) if then not in found]
    return set(found)


def document(drawn: Picture) -> dict[str, object]:
    """The picture as data."""
    return {
        "nodes": [{**node._asdict(), "kind": node.kind} for node in drawn.nodes],
        "edges": [link._asdict() for link in drawn.links],
        "rings": [list(ring) for ring in drawn.rings],
    }


def tree(drawn: Picture) -> Iterator[Row]:
    """A tree for each unit that nothing here starts; what has been shown already is not shown again."""
    for scope in drawn.scopes:
        if len(drawn.scopes) > 1:
            yield Row("", "", f"{scope}:", "", False)
        yield from _Tree(drawn, scope).rows()


class _Tree:
    """The units of one scope, while they are written down."""

    def __init__(self, drawn: Picture, scope: str) -> None:
        self.nodes = {node.name: node for node in drawn.nodes if node.scope == scope}
        self.rings = drawn.rings
        self.below: dict[str, dict[str, str]] = {}
        started: set[str] = set()
        for relation in STARTS:
            # Groups hold nearly everything: they show only what nothing else starts.
            links = (one for one in drawn.links if (one.scope, one.relation) == (scope, relation))
            for link in [one for one in links if relation not in GROUPS or one.target not in started]:
                if link.source != link.target:
                    self.below.setdefault(link.source, {}).setdefault(link.target, relation)
                    started.add(link.target)
        self.shown: set[str] = set()

    def rows(self) -> Iterator[Row]:
        started = {name for below in self.below.values() for name in below}
        first = [name for name in self.nodes if name not in started and (name in self.below or self.nodes[name].known)]
        for name in [*first, *self.nodes]:
            if name not in self.shown and (name in first or self.nodes[name].known):
                yield from self._unit(name, "", "", "", ())

    def _unit(self, name: str, relation: str, lead: str, inner: str, above: tuple[str, ...]) -> Iterator[Row]:
        below = self.below.get(name, {})
        notes = ["in a ring of the order"] if any(name in ring for ring in self.rings) else []
        if name in above:
            notes.append("starts what started it")
        elif name in self.shown and below:
            notes.append("see above")
        yield Row(lead, relation, name, ", ".join(notes), self.nodes[name].known)
        if name in self.shown:
            return
        self.shown.add(name)
        for i, (target, how) in enumerate(below.items()):
            last = i == len(below) - 1
            leads = (f"{inner}{'└─ ' if last else '├─ '}", f"{inner}{'   ' if last else '│  '}")
            yield from self._unit(target, how, *leads, (*above, name))
