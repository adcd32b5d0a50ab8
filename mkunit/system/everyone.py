"""The systemd of every user who has one running, behind the one folder that all of them read: /etc/systemd/user.

Files are written once. A unit that one of them runs is called after its user and itself, as in `kim/web.service`; what
is asked and done there is done with that user's rights, since whoever is at the other end of the socket is theirs, too.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import evolve, field, frozen

from mkunit.errors import Diagnostic, MkunitError, SystemdError
from mkunit.model.plan import State
from mkunit.system import person
from mkunit.system.live import Live
from mkunit.system.local import SYSTEMCTL

GLOBAL = "global"
_RUNTIME = Path("/run/user")
_FILES = ("FragmentPath", "DropInPaths")
_SHARED = ("/etc/", "/usr/", "/lib/", "/run/systemd/")
_SOUND = ("loaded", "stub", "merged", "")
# Who has logged out since has nothing that could be unwell.
_GONE = State("loaded", "active", "gone")
_GRAVE = ("failed", "deactivating", "activating", "reloading", "refreshing", "active")


def machine(scope: str, root: str = "") -> Live:
    """A scope of this machine, or of the files below another root."""
    return Everyone(scope, root) if scope == GLOBAL and not root else Live(scope, root)


@frozen
class Everyone(Live):
    """The managers that run at this moment; for an ordinary user, only the one of their own."""

    # What they had loaded, and from where, for when they can be asked no more.
    seen: Mapping[str, Mapping[str, State]] | None = field(default=None, eq=False)
    places: Mapping[str, Mapping[str, str]] | None = field(default=None, eq=False)
    silent: set[str] = field(factory=set, eq=False)  # users whose systemd does not answer: it keeps nobody else waiting

    def managers(self) -> dict[str, Live]:
        """Each by its user's name."""
        try:
            found = [path for path in _RUNTIME.iterdir() if path.name.isdecimal()]
        except OSError:
            return {}
        users = (person.find(path.name) for path in sorted(found, key=lambda path: int(path.name)))
        own = os.geteuid()
        lives = {user.name: Live("user", user=None if own else user) for user in users if user and own in (0, user.uid)}
        return {name: live for name, live in lives.items() if name not in self.silent and live.is_running()}

    def looked_at(self) -> "Everyone":
        """The same with all that a plan may ask of the managers, for a process that gives up its rights."""
        managers = self.managers()
        units = {name: self.of(name, list(self.of(name))) for name in managers if name not in self.silent}
        up = {name: [unit for unit, state in found.items() if state.is_up] for name, found in units.items()}
        return evolve(self, seen=units, places={name: _places(managers[name], up[name]) for name in units})

    def names(self) -> list[str]:
        """The users whose systemd runs."""
        return list(self.managers() if self.seen is None else self.seen)

    def is_running(self) -> bool:
        return bool(self.names())

    def units(self, names: Iterable[str] | None = None) -> dict[str, State]:
        if names is None:
            return {f"{name}/{u}": s for name in self.names() for u, s in self.of(name).items()}
        asked = _by_user(names)
        bare = asked.pop("", [])
        found: dict[str, State] = {}
        for name in self.names():
            states = self.of(name, [*bare, *asked.get(name, [])])
            wrong = [unit for unit in bare if unit in states and states[unit].load not in _SOUND]
            theirs = self.elsewhere(name, wrong)  # what is wrong there is for that user to mend
            found |= {f"{name}/{unit}": state for unit, state in states.items() if unit not in theirs}
        gone = {f"{name}/{unit}": _GONE for name in asked if name not in self.names() for unit in asked[name]}
        return {**found, **gone}

    def of(self, name: str, units: Sequence[str] | None = None) -> dict[str, State]:
        """What one manager has loaded, or some units of it, by their own names."""
        if self.seen is not None:
            return {unit: state for unit, state in self.seen[name].items() if units is None or unit in units}
        live = self.managers().get(name)
        try:
            return live.units(units) if live and (units is None or units) else {}
        except SystemdError:
            self.silent.add(name)
            return {}

    def elsewhere(self, name: str, units: Sequence[str]) -> dict[str, str]:
        """Those units that one manager has not from our folder, and the files that it has them from."""
        if not units:
            return {}
        live = None if self.places is not None else self.managers().get(name)
        found = _places(live, units) if live else (self.places or {}).get(name, {})
        places = {unit: self._as_written(place) for unit in units if (place := found.get(unit))}
        return {unit: place for unit, place in places.items() if not place.startswith(f"{self.folder}/")}

    def details(self, unit: str) -> dict[str, str]:
        name, _, own = unit.rpartition("/")
        managers = self.managers()
        live = managers.get(name) if name else next(iter(managers.values()), None)  # they all read the same file
        return live.details(own) if live else {}

    def shown(self, units: Sequence[str], properties: Sequence[str]) -> dict[str, dict[str, str]]:
        """What the first manager says that has nothing of its user's own in a unit: it speaks for all."""
        found: dict[str, dict[str, str]] = {}
        for name, live in self.managers().items():
            left = [unit for unit in units if unit not in found]
            try:
                rows = live.shown(left, properties) if left else {}
            except SystemdError:
                self.silent.add(name)
                continue
            found |= {unit: self._written(row) for unit, row in rows.items() if not _has_own(row)}
        return found

    def _written(self, row: Mapping[str, str]) -> dict[str, str]:
        """With the files of our folder as we write them."""
        files = {name: " ".join(map(self._as_written, row[name].split(" "))) for name in _FILES if name in row}
        return {**row, **files}

    def log(self, unit: str, invocation: str, lines: int) -> list[str]:
        name, _, own = unit.rpartition("/")
        live = self.managers().get(name)
        return live.log(own, invocation, lines) if live else []

    def do(self, verb: str, units: Sequence[str] = ()) -> None:
        """In every manager, or in those that the units are of; who has logged out since is left out."""
        asked = _by_user(units)
        wrong: list[Diagnostic] = []
        for name, live in self.managers().items():
            if units and name not in asked:
                continue
            try:
                live.do(verb, asked.get(name, []))
            except MkunitError as error:
                if any(one.code == "systemd-timeout" for one in error.diagnostics):
                    self.silent.add(name)
                if live.is_running():
                    wrong += (one._replace(message=f"for `{name}`: {one.message}") for one in error.diagnostics)
        if wrong:
            raise SystemdError(*wrong)

    def probe(self, words: Sequence[str]) -> str | None:
        """As the user whose unit it is; the plan has put the name before the words."""
        name, *rest = words
        live = self.managers().get(name)
        return live.probe(rest) if live else None

    def together(self) -> dict[str, State]:
        """Each unit that is loaded somewhere once: as it is where it is gravest, and how many users have it so."""
        states: dict[str, list[State]] = {}
        for unit, state in self.units().items():
            states.setdefault(unit.rpartition("/")[2], []).append(state)
        every = len(self.names())
        return {unit: _gravest(found, every) for unit, found in states.items()}


def _gravest(found: Sequence[State], every: int) -> State:
    active = next((word for word in _GRAVE if any(state.active == word for state in found)), "inactive")
    count = sum(state.active == active for state in found)
    load = next((state.load for state in found if state.load not in _SOUND), "loaded")
    return State(load, active, f"{count} of {every} user{'' if every == 1 else 's'}")


def _by_user(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of units by their users; those that are nobody's are everybody's."""
    found: dict[str, list[str]] = {}
    for name in names:
        user, _, unit = name.rpartition("/")
        found.setdefault(user, []).append(unit)
    return found


def _has_own(row: Mapping[str, str]) -> bool:
    """Whether a unit is made of files that are not everybody's."""
    files = (file for name in _FILES for file in row.get(name, "").split())
    return any(not file.startswith(_SHARED) for file in files)


def _places(live: Live, units: Sequence[str]) -> dict[str, str]:
    """The files that a manager has units from."""
    if not units:
        return {}
    done = live.local.run(SYSTEMCTL, "show", "--property=Id,FragmentPath", "--", *units)
    found = {}
    for block in done.stdout.split("\n\n"):
        row = dict(line.split("=", 1) for line in block.split("\n") if "=" in line)
        with suppress(KeyError):
            found[row["Id"]] = row["FragmentPath"]
    return found
