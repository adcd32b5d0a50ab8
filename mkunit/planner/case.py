"""All that the decision table looks at, gathered for one unit."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from attrs import frozen

from mkunit import catalog
from mkunit.model.graph import triggered
from mkunit.model.name import Name, parse
from mkunit.model.plan import IDLE, USUAL, Policy, Snapshot, State
from mkunit.model.unit import Unit
from mkunit.planner.classes import DISTURBING, NOTHING, Difference


class Effective(NamedTuple):
    """A unit with its drop-ins as systemd reads them, before and after; None where there is none."""

    before: Unit | None
    after: Unit | None


Effects = Mapping[str, Effective]


class Guard(NamedTuple):
    """Why a unit must not be restarted by the way, and whether even the user cannot have it so.

    What no rollback brings back is never restarted: the bus with all who talk over it, people's sessions, what the
    machine is mounted from.
    """

    why: str
    is_absolute: bool = False


@frozen
class Case:
    """One unit, or one instance of a template, that something happens to."""

    name: str
    change: str  # new, changed, removed, unchanged
    difference: Difference = NOTHING
    state: State = IDLE
    policy: Policy = USUAL
    before: Unit | None = None
    after: Unit | None = None
    is_host: bool = False
    guard: Guard | None = None  # why it is left alone
    is_allowed: bool = False  # the user has said that it may be restarted all the same
    is_wanted: bool = False  # enabled, and the target that wants it is active
    trigger: str = ""  # the unit of ours that starts it
    asked: bool = False  # the user has said that it is to be started
    is_held: bool = False  # the user wants it left as it runs
    service: str = ""  # what a socket starts, where that is active
    sockets: tuple[str, ...] = ()  # the active sockets of a service
    rebound: bool = False  # one of its sockets is bound again, and it with it
    connections: int = 0  # instances of a template that an accepting socket has made
    is_spawned: bool = False  # it is one of those itself
    because: str = ""  # a file that it watches has changed
    is_masked: bool = False  # it is to be masked, by us

    @property
    def unit(self) -> Unit:
        found = self.after or self.before
        return found or Unit(self.name)

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def is_active(self) -> bool:
        return self.state.active in ("active", "reloading", "refreshing")

    @property
    def is_failed(self) -> bool:
        return self.state.active == "failed" or self.state.sub == "auto-restart"

    @property
    def disturbs(self) -> bool:
        return self.change == "removed" or bool(self.difference.classes & DISTURBING)

    def has(self, *classes: str) -> bool:
        return bool(self.difference.classes & frozenset(classes))

    @property
    def accepts(self) -> bool:
        return self.unit.flag("Accept")

    @property
    def can_reload(self) -> bool:
        """systemd's CanReload=, as it will be when it is asked to reload."""
        if self.kind == "mount" or self.unit.values("ExecReload"):
            return True
        # A process that was not started so does not know the signal.
        return all(unit.directive("Type") == "notify-reload" for unit in (self.unit, self.before or self.unit))

    @property
    def what(self) -> str:
        """What has changed, in words."""
        if self.because:
            return f"`{self.because}` changed"
        names = [f"`{name}=`" for name in self.difference.names]
        if not names:
            return "it changed"
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return f"{', '.join(names[:3])}{more} changed"


@cache
def _guards() -> list[tuple[str, Guard]]:
    return [(pattern, Guard(why, how == "never")) for pattern, how, why in catalog.rows("protected.tsv")]


def guard(name: str) -> Guard | None:
    """What stands against a restart of a unit; None where it is like any other."""
    return next((found for pattern, found in _guards() if fnmatchcase(name, pattern)), None)


class Triggers:
    """Who starts what, among the units that are known, before and after."""

    def __init__(self, effects: Effects) -> None:
        self.by_service: dict[str, list[str]] = {}
        self.service: dict[str, list[str]] = {}
        self.accepting: set[str] = set()
        for name, effective in effects.items():
            for unit in effective:
                if unit and (found := triggered(unit)):
                    self._add(name, found[0], unit)

    def _add(self, name: str, target: str, unit: Unit) -> None:
        if name not in self.by_service.setdefault(target, []):
            self.by_service[target].append(name)
        if target not in self.service.setdefault(name, []):
            self.service[name].append(target)
        if unit.kind == "socket" and unit.flag("Accept"):
            self.accepting.add(target)

    def sockets(self, service: str) -> Iterator[str]:
        return (name for name in self.by_service.get(service, ()) if name.endswith(".socket"))

    def spawned(self, instance: str) -> bool:
        """Whether an accepting socket made this instance: its name starts with a number."""
        parts = name_of(instance)
        if not parts or parts.template not in self.accepting:
            return False
        return (parts.instance or "").partition("-")[0].isdecimal()


def name_of(text: str) -> Name | None:
    """A name taken apart, None where it is none."""
    try:
        return parse(text)
    except ValueError:
        return None


def instances(template: str, snapshot: Snapshot) -> list[str]:
    """The loaded instances of a template that are not idle."""
    prefix, _, kind = template.partition("@.")
    return sorted(
        name
        for name, state in snapshot.units.items()
        if name.startswith(f"{prefix}@") and name.endswith(f".{kind}") and state.active != "inactive"
    )
