"""Rules on names: each name once in a scope."""

from collections.abc import Iterator

from mkunit.errors import Diagnostic, Origin
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit


def duplicates(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Two units, or two drop-ins, that would be one file."""
    first: dict[tuple[str | None, str], Unit] = {}
    for unit in graph.units:
        before = first.setdefault((unit.scope, unit.path), unit)
        if before is unit:
            continue
        what = "drop-in" if unit.dropin else "unit"
        message = (
            f"there are two {what}s `{unit.path}` in {unit.scope} scope: the other is at {before.origin or Origin('?')}"
        )
        hint = "give each its own `file=`" if unit.dropin else "name one of them otherwise, or leave it out"
        yield Diagnostic("duplicate-unit", message, hint, unit.origin, unit=unit.name)
