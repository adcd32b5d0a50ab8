"""The rule on order: no unit may have to start before itself. systemd would break the ring by deleting a job."""

from collections.abc import Iterator

from mkunit.checker import implicit, view
from mkunit.checker.implicit import Before, Node
from mkunit.checker.view import View
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

_Order = dict[Node, dict[Node, Before]]


def rings(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """One ring for each knot of units that wait for one another, whole, with the place of each edge."""
    order = _order(graph)
    for knot in _knots(order):
        if (ring := _ring(order, knot)) and not all(edge.origin is None for edge in ring):
            yield _diagnostic(ring, graph)


def _order(graph: Graph) -> _Order:
    """Who starts before whom: units of the project, and systemd's own targets where they stand between two."""
    everything = view.of(graph)
    known = _known(everything)
    order: _Order = {}
    for one in _edges(graph, everything):
        if one.first in known and one.then in known:
            order.setdefault(one.first, {}).setdefault(one.then, one)
            order.setdefault(one.then, {})
    return order


def _edges(graph: Graph, everything: View) -> Iterator[Before]:
    """The edges that lines say, and those that systemd adds; why they are there is found out for rings only."""
    for edge in graph.edges:
        if edge.relation == "before":
            first, then = (edge.scope, edge.source), (edge.scope, edge.target)
        elif edge.relation == "after":
            first, then = (edge.scope, edge.target), (edge.scope, edge.source)
        else:
            continue
        yield Before(first, then, "", edge.origin, edge.implicit, edge.directive)
    for scope in {seen.scope for seen in everything.named.values()}:
        yield from implicit.skeleton(scope)
    for seen in everything.named.values():
        yield from implicit.edges(everything, seen)


def _why(edge: Before) -> str:
    if edge.why:
        return edge.why
    if edge.directive is None:
        return f"`{edge.first[1]}` starts `{edge.then[1]}`"
    return f"`{edge.directive}=` of `{(edge.then if edge.directive == 'After' else edge.first)[1]}`"


def _known(everything: View) -> set[Node]:
    known = set(everything.named)
    for scope in ("system", "user"):
        known |= {node for edge in implicit.skeleton(scope) for node in (edge.first, edge.then)}
    return known


def _diagnostic(ring: list[Before], graph: Graph) -> Diagnostic:
    ours = next((i for i, edge in enumerate(ring) if not edge.implicit), 0)
    ring = ring[ours:] + ring[:ours]
    way = " → ".join(f"`{edge.first[1]}`" for edge in ring) + f" → `{ring[0].first[1]}`"
    parts = [f"`{edge.first[1]}` before `{edge.then[1]}`: {_why(edge)}{_place(edge)}" for edge in ring]
    hint = "take one of these edges out: " + "; ".join(parts)
    named = next((name for edge in ring for name in (edge.first, edge.then) if name in graph.named), ring[0].first)
    message = f"the order of starting goes in a ring: {way}"
    return Diagnostic("ordering-cycle", message, hint, ring[0].origin, unit=named[1], directive=ring[0].directive)


def _place(edge: Before) -> str:
    return f", {edge.origin}" if edge.origin else ""


def _ring(order: _Order, knot: set[Node]) -> list[Before]:
    """The shortest ring through the first unit of a knot."""
    start = min(knot)
    came: dict[Node, Before] = {}
    ways = [start]
    for node in ways:
        for then, edge in order[node].items():
            if then == start:
                return _back(came, start, edge)
            if then in knot and then not in came:
                came[then] = edge
                ways.append(then)
    return []


def _back(came: dict[Node, Before], start: Node, edge: Before) -> list[Before]:
    ring = [edge]
    while edge.first != start:
        edge = came[edge.first]
        ring.append(edge)
    return ring[::-1]


def _knots(order: _Order) -> Iterator[set[Node]]:
    """The sets of units that can all be reached from one another; without recursion, for long chains."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    waiting: set[Node] = set()
    for root in order:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        work = [(root, iter(order[root]))]
        while work:
            node, rest = work[-1]
            for then in rest:
                if then not in index:
                    index[then] = low[then] = len(index)
                    stack.append(then)
                    waiting.add(then)
                    work.append((then, iter(order[then])))
                    break
                if then in waiting:
                    low[node] = min(low[node], index[then])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    yield from _pop(stack, waiting, node, order)


def _pop(stack: list[Node], waiting: set[Node], node: Node, order: _Order) -> Iterator[set[Node]]:
    knot: set[Node] = set()
    while node not in knot:
        knot.add(stack.pop())
    waiting -= knot
    if len(knot) > 1 or node in order[node]:
        yield knot
