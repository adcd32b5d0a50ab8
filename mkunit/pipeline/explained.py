"""A unit explained: its settings in the end, who can connect, when and why it runs, what happens when it ends.

A unit is explained among others: those that the machine has loaded, or those of a project, installed or not.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from mkunit import parser
from mkunit.errors import SystemdError
from mkunit.explainer import causes, course, reach
from mkunit.explainer.causes import DEFAULT, PROPERTIES, Pulls, Way
from mkunit.explainer.reach import Reach
from mkunit.explainer.settings import Setting, settings
from mkunit.model.graph import Graph
from mkunit.model.port import Accounts
from mkunit.model.unit import Unit
from mkunit.parser.effects import effects
from mkunit.system import listed
from mkunit.system.elapses import elapses
from mkunit.system.local import Local
from mkunit.system.shown import shown

RUNS = 5


class Around(Protocol):
    """The units around one."""

    def unit(self, name: str) -> Unit | None:
        """Another unit, drop-ins merged in."""

    def pulls(self, name: str) -> Pulls:
        """What pulls in which."""

    @property
    def goals(self) -> Sequence[str]:
        """What the boot starts."""

    def is_known(self, name: str) -> bool:
        """Whether all that pulls a unit in would be among the pulls."""

    def upcoming(self, timer: str) -> float | None:
        """When a timer elapses next, as far as systemd has said so."""


class Explained(NamedTuple):
    """All of it."""

    unit: Unit
    settings: tuple[Setting, ...]
    reach: tuple[Reach, ...]
    runs: tuple[str, ...]  # the next times of its timers' calendars
    upcoming: float | None  # what systemd itself says, where it has loaded the timer
    when: tuple[str, ...]
    ways: tuple[Way, ...]
    ends: tuple[str, ...]


def explain(unit: Unit, around: Around, accounts: Accounts, systemd: int, fallback: str | None = None) -> Explained:
    """A unit with its drop-ins; `fallback` is the place of lines that have none of their own."""
    judged = parser.judge(unit, systemd, unit.scope or "system")
    held = [row.entry for row in effects(judged) if row.wins and row.entry.value]
    whole = parser.read(unit, judged)
    pulls = around.pulls(unit.name)
    sources = [whole, *_triggers(unit, pulls, around)]
    courses = [course.course(one) for one in sources]
    calendars = [text for one in courses for text in one.calendar]
    timers = [one.name for one in sources if one.kind == "timer"]
    return Explained(
        whole,
        tuple(settings(whole, iter(held), fallback)),
        tuple(one for source in sources if source.kind == "socket" for one in reach.reaches(source, accounts)),
        tuple(elapses(calendars, RUNS)),
        min((when for name in timers if (when := around.upcoming(name))), default=None),
        tuple(word for one in courses for word in one.words),
        causes.ways(unit.name, pulls, around.goals, around.is_known),
        tuple(course.endings(whole)),
    )


def _triggers(unit: Unit, pulls: Pulls, around: Around) -> list[Unit]:
    """The sockets, timers and paths that start a unit: who connects to them has to do with it."""
    names = [one.source for one in pulls(unit.name) if one.relation == "triggers"]
    return [found for name in names if (found := around.unit(name))]


class OnMachine:
    """The units that a manager has loaded; what it has not is read from its folders."""

    def __init__(self, machine: Local, folders: Sequence[Path], systemd: int) -> None:
        self.machine, self.folders, self.systemd = machine, folders, systemd

    def unit(self, name: str) -> Unit | None:
        file = parser.find(name, self.folders)
        return parser.load(file, str(file), self.systemd, self.folders, name).unit if file else None

    def pulls(self, name: str) -> Pulls:
        names = [name, "*"] if "@." not in name else ["*"]
        rows = shown(self.machine, names, list(PROPERTIES))
        return causes.of_machine({one: {word: row.words(word) for word in PROPERTIES} for one, row in rows.items()})

    @property
    def goals(self) -> Sequence[str]:
        return [DEFAULT, *shown(self.machine, [DEFAULT], [])]

    def is_known(self, name: str) -> bool:
        return True

    def upcoming(self, timer: str) -> float | None:
        try:
            found = listed.timers(self.machine).get(timer) if self.machine.is_running() else None
        except SystemdError:
            return None
        return found.next if found else None


class InGraph:
    """The units of a project, or of files, as they would be."""

    def __init__(self, graph: Graph, scope: str) -> None:
        self.graph, self.scope = graph, scope

    def unit(self, name: str) -> Unit | None:
        return merged(self.graph, self.scope, name)

    def pulls(self, name: str) -> Pulls:
        return causes.of_graph(self.graph, self.scope)

    @property
    def goals(self) -> Sequence[str]:
        return [DEFAULT]

    def is_known(self, name: str) -> bool:
        return self.graph.get(self.scope, name) is not None

    def upcoming(self, timer: str) -> float | None:
        return None


def merged(graph: Graph, scope: str, name: str) -> Unit | None:
    """A unit of a graph with the graph's own drop-ins for it."""
    unit = graph.get(scope, name)
    if unit is None:
        return None
    parts = (one for one in graph.units if one.dropin and (one.scope or "system", one.name) == (scope, unit.name))
    return parser.merge(unit, sorted(parts, key=lambda one: one.dropin or ""))
