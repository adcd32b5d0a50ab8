"""A project's way to what is wrong with it: loaded and judged by every rule, and nothing rendered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mkunit import checker
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic
from mkunit.model.facts import Facts
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.pipeline.project import Tick, loaded
from mkunit.settings import Settings

Gather = Callable[[Iterable[str]], Facts]


class Inspected(NamedTuple):
    """A project's units, and all that is found in them."""

    graph: Graph
    found: tuple[Diagnostic, ...]
    sources: frozenset[str]


def inspect(
    settings: Settings,
    files: Sequence[Path],
    given: Mapping[str, str],
    host: str | None = None,
    gather: Gather | None = None,
    tick: Tick = lambda done, total: None,
) -> Inspected:
    """All findings for one target; with a way to gather facts, those of the machine too."""
    load = loaded(settings, files, given, host, tick)
    graph = Graph.of(settle(load.units, settings.scope))
    found = judged(graph, Target(load.systemd, host), gather)
    return Inspected(graph, (*load.warnings, *found), frozenset(load.files.values()))


def judged(graph: Graph, target: Target, gather: Gather | None = None) -> tuple[Diagnostic, ...]:
    """What every rule finds in a graph."""
    if gather is None:
        return checker.examine(graph, target)
    from mkunit.checker.machine import paths  # only where a machine is looked at

    return checker.examine(graph, target, gather(paths(graph)))
