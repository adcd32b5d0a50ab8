"""One unit from near: all that systemd, the journal and our own records have on it; nothing but reading."""

from pathlib import Path
from typing import NamedTuple

from mkunit.model.plan import State
from mkunit.pipeline.survey import Scene, Standing, alone
from mkunit.runner.explain import why
from mkunit.system import shown as reading
from mkunit.system.shown import Shown, Tail

_PROPERTIES = (
    "Names", "Description", "LoadState", "LoadError", "ActiveState", "SubState", "Job", "InvocationID", "UnitFileState",
    "FragmentPath", "DropInPaths", "NeedDaemonReload", "ActiveEnterTimestamp", "ActiveExitTimestamp",
    "InactiveEnterTimestamp", "InactiveExitTimestamp", "Result", "ExecMainCode", "ExecMainStatus", "MainPID",
    "ControlPID", "StatusText", "NRestarts", "TasksCurrent", "MemoryCurrent", "CPUUsageNSec", "TriggeredBy", "Triggers",
    "Listen", "Accept", "NConnections", "NAccepted", "NRefused", "ConditionResult",
    "ConditionTimestamp",
)  # fmt: skip
_NANOSECONDS = 1e9
# Since when a unit is as it is depends on how it is.
_SINCE = {
    "active": "ActiveEnterTimestamp", "reloading": "ActiveEnterTimestamp", "refreshing": "ActiveEnterTimestamp",
    "inactive": "InactiveEnterTimestamp", "failed": "InactiveEnterTimestamp", "activating": "InactiveExitTimestamp",
    "deactivating": "ActiveExitTimestamp",
}  # fmt: skip


class Closeup(NamedTuple):
    """A unit, and what there is to know of it at this moment; None where systemd does not count something."""

    standing: Standing
    description: str = ""
    path: str = ""
    dropins: tuple[tuple[str, bool], ...] = ()  # and whether they are ours
    since: float | None = None
    result: str = ""  # why it is not well; empty where nothing is wrong
    reload: bool = False  # systemd has an older version of its file
    pid: int | None = None
    command: str = ""
    says: str = ""
    restarts: int = 0
    tasks: int | None = None
    memory: int | None = None
    cpu: float | None = None  # seconds
    triggered_by: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    listens: tuple[str, ...] = ()
    connections: int | None = None  # of sockets that accept themselves
    accepted: int | None = None
    refused: int | None = None
    instances: tuple[tuple[str, str], ...] = ()  # of a template: those that are loaded, and how they are
    log: Tail = Tail()

    @property
    def document(self) -> dict[str, object]:
        """As JSON has it, but for the standing and for times."""
        row = self._asdict()
        row.pop("standing")
        lines = [{"when": line.time.isoformat(), "who": line.who, "text": line.text, "priority": line.priority}
                 for line in self.log.lines]  # fmt: skip
        dropins = [{"path": path, "owned": ours} for path, ours in self.dropins]
        instances = [{"unit": name, "active": active} for name, active in self.instances]
        return {**row, "dropins": dropins, "instances": instances, "log": lines, "log_denied": self.log.denied}


def ours(row: Standing, now: Scene, paths: frozenset[str], lines: int) -> Closeup:
    """A unit that mkunit owns; `paths` are all of its files."""
    return _closeup(row, now, paths, lines)


def found(name: str, now: Scene, path: str, lines: int) -> Closeup | None:
    """A unit of somebody else's: one that has a file, or that systemd knows without; None where there is none."""
    if "@." in name:
        return _closeup(alone(name, now, State()), now, frozenset(), lines)._replace(path=path)
    shown = _shown(name, now)
    if not path and (shown is None or shown.get("LoadState") in ("", "not-found")):
        return None
    row = alone(name, now, _state(shown) if shown else State(), shown.get("UnitFileState") if shown else "")
    one = _closeup(row, now, frozenset(), lines, shown)
    return one if one.path else one._replace(path=path)


def _shown(name: str, now: Scene) -> Shown | None:
    found = reading.shown(now.live.local, [name], _PROPERTIES) if not now.live.root else {}
    return next(iter(found.values()), None)


def _state(shown: Shown) -> State:
    words = [shown.get(name) for name in ("LoadState", "ActiveState", "SubState", "Job", "InvocationID")]
    return State(*words)


def _closeup(row: Standing, now: Scene, paths: frozenset[str], lines: int, shown: Shown | None = None) -> Closeup:
    instances = _instances(row.unit, now)
    shown = shown or (None if "@." in row.unit else _shown(row.unit, now))
    if shown is None:
        return Closeup(
            row, instances=instances, path=_own(row, now) if paths else "", dropins=_dropins(paths, row, now)
        )
    pid = shown.number("MainPID") or shown.number("ControlPID")
    cpu = shown.number("CPUUsageNSec")
    counts = ("NConnections", "NAccepted", "NRefused") if shown.get("Accept") == "yes" else ("",) * 3
    connections, accepted, refused = map(shown.number, counts)
    return Closeup(
        row,
        description=shown.get("Description"),
        path=shown.get("FragmentPath"),
        dropins=tuple((path, path in paths) for path in shown.words("DropInPaths")),
        since=shown.when(_SINCE.get(shown.get("ActiveState"), "")),
        result=_result(row, shown),
        reload=shown.get("NeedDaemonReload") == "yes",
        pid=pid or None,
        command=reading.command(pid) if pid else "",
        says=shown.get("StatusText"),
        restarts=shown.number("NRestarts") or 0,
        tasks=shown.number("TasksCurrent"),
        memory=shown.number("MemoryCurrent"),
        cpu=cpu / _NANOSECONDS if cpu else None,
        triggered_by=shown.words("TriggeredBy"),
        triggers=shown.words("Triggers"),
        listens=shown.lines.get("Listen", ()),
        connections=connections,
        accepted=accepted,
        refused=refused,
        instances=instances,
        log=reading.tail(now.live.scope, row.unit, lines) if lines else Tail(),
    )


def _own(row: Standing, now: Scene) -> str:
    path = Path(now.live.folder, row.unit)
    return str(path) if path.exists() else ""


def _dropins(paths: frozenset[str], row: Standing, now: Scene) -> tuple[tuple[str, bool], ...]:
    own = f"{now.live.folder}/{row.unit}"
    return tuple((path, True) for path in sorted(paths) if path != own)


def _result(row: Standing, shown: Shown) -> str:
    """Why a unit is not well, or why it was not started."""
    if shown.get("LoadState") not in ("loaded", "masked", ""):
        return why(shown.flat)
    if shown.get("Result") not in ("", "success") or (row.state == "failed"):
        return why(shown.flat)
    condition = shown.get("ConditionResult") == "no" and shown.when("ConditionTimestamp") is not None
    return "a condition of it did not hold when it was to start" if condition and row.state == "inactive" else ""


def _instances(name: str, now: Scene) -> tuple[tuple[str, str], ...]:
    prefix, at, kind = name.partition("@.")
    return tuple(
        (one, f"{state.active} ({state.sub})")
        for one, state in sorted(now.units.items())
        if at and one.startswith(f"{prefix}@") and one.endswith(f".{kind}")
    )
