"""The order of things: load, check, render, and what comes of it; no other room knows that the others exist."""

from collections.abc import Callable, Sequence

from mkunit import checker, renderer
from mkunit.dsl.install import settle
from mkunit.errors import CheckError, Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit, UnitFile


class Built:
    """What became of units for one target: the graph, the files, what was found, and where they come from."""

    def __init__(
        self,
        graph: Graph,
        files: tuple[UnitFile, ...],
        warnings: tuple[Diagnostic, ...],
        sources: frozenset[str] = frozenset(),
    ) -> None:
        self.graph = graph
        self.files = files
        self.warnings = warnings
        self.sources = sources


def assemble(
    units: Sequence[Unit],
    scope: str,
    target: Target,
    warnings: tuple[Diagnostic, ...] = (),
    sources: frozenset[str] = frozenset(),
    folder: str | None = None,
    told: Callable[[tuple[Diagnostic, ...]], tuple[Diagnostic, ...]] = tuple,
) -> Built:
    """Check and render units, wherever they come from; CheckError where they do not fit together."""
    graph = Graph.of(settle(units, scope))
    found = told(checker.check(graph, target))
    if any(d.severity is Severity.ERROR for d in found):
        raise CheckError(*found)
    files = renderer.render(graph, folder)
    return Built(graph, files, warnings + found, sources)
