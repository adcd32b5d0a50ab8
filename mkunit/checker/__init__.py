"""Rules over the graph: each a pure function that yields what it finds; all findings, never only the first."""

from collections.abc import Callable, Iterator

from mkunit.checker import names, ordering, sockets, whole
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

Rule = Callable[[Graph, Target], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    names.duplicates,
    whole.incomplete,
    whole.contradictions,
    sockets.no_listener,
    sockets.accept,
    sockets.pairing,
    ordering.rings,
)


def check(graph: Graph, target: Target) -> tuple[Diagnostic, ...]:
    """Everything that the rules find, in the order of the rules, each finding once."""
    return tuple(dict.fromkeys(found for rule in RULES for found in rule(graph, target)))
