"""The rule on order: no unit may have to start before itself. systemd would break the ring by deleting a job."""

from collections.abc import Iterator

from mkunit.errors import Diagnostic
from mkunit.model.graph import Edge, Graph
from mkunit.model.target import Target

_Node = tuple[str, str]


def rings(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """One ring for each knot of units that wait for one another, whole, with the place of each edge."""
    order: dict[_Node, dict[_Node, Edge]] = {}
    for edge in graph.edges:
        pair = {"before": (edge.source, edge.target), "after": (edge.target, edge.source)}.get(edge.relation)
        if not pair:
            continue
        first, then = ((edge.scope, name) for name in pair)
        if first in graph.named and then in graph.named:
            order.setdefault(first, {}).setdefault(then, edge)
            order.setdefault(then, {})
    for knot in _knots(order):
        if ring := _ring(order, knot):
            yield _diagnostic(ring)


def _diagnostic(ring: list[tuple[_Node, Edge]]) -> Diagnostic:
    names = [node[1] for node, _ in ring]
    way = " → ".join(f"`{name}`" for name in [*names, names[0]])
    parts = []
    for (node, edge), after in zip(ring, [*names[1:], names[0]], strict=True):
        why = f"`{edge.directive}=` of `{edge.source}`" if edge.directive else f"`{edge.source}` starts `{edge.target}`"
        parts.append(f"`{node[1]}` before `{after}`: {why}, {edge.origin}")
    hint = "take one of these edges out: " + "; ".join(parts)
    place = next((edge.origin for _, edge in ring if not edge.implicit), ring[0][1].origin)
    return Diagnostic("ordering-cycle", f"the order of starting goes in a ring: {way}", hint, place, unit=names[0])


def _ring(order: dict[_Node, dict[_Node, Edge]], knot: set[_Node]) -> list[tuple[_Node, Edge]]:
    """The shortest ring through the first unit of a knot."""
    start = min(knot)
    came: dict[_Node, tuple[_Node, Edge]] = {}
    ways = [start]
    for node in ways:
        for then, edge in order[node].items():
            if then == start:
                return _back(came, start, node, edge)
            if then in knot and then not in came:
                came[then] = (node, edge)
                ways.append(then)
    return []


def _back(came: dict[_Node, tuple[_Node, Edge]], start: _Node, node: _Node, edge: Edge) -> list[tuple[_Node, Edge]]:
    ring = [(node, edge)]
    while node != start:
        node, edge = came[node]
        ring.append((node, edge))
    return ring[::-1]


def _knots(order: dict[_Node, dict[_Node, Edge]]) -> Iterator[set[_Node]]:
    """The sets of units that can all be reached from one another; without recursion, for long chains."""
    index: dict[_Node, int] = {}
    low: dict[_Node, int] = {}
    stack: list[_Node] = []
    waiting: set[_Node] = set()
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


def _pop(
    stack: list[_Node], waiting: set[_Node], node: _Node, order: dict[_Node, dict[_Node, Edge]]
) -> Iterator[set[_Node]]:
    knot: set[_Node] = set()
    while node not in knot:
        knot.add(stack.pop())
    waiting -= knot
    if len(knot) > 1 or node in order[node]:
        yield knot
