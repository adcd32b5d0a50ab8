"""The decision table: what happens to a unit whose definition changes, and why; the first row that fits wins."""

from collections.abc import Callable
from typing import NamedTuple

from mkunit.model.name import is_many
from mkunit.planner.case import Case


class Verdict(NamedTuple):
    """What is done to a unit, the reason in words, and whether connections are dropped."""

    action: str  # nothing, live, pending, start, stop, restart, reload, rebind, retry, pull
    reason: str
    drops: bool | None = None


class Row(NamedTuple):
    """A case of the table: when it holds, and what follows."""

    name: str
    holds: Callable[[Case], bool]
    verdict: Callable[[Case], Verdict]


def _pending(reason: str) -> Callable[[Case], Verdict]:
    return lambda case: Verdict("pending", f"{reason} ({case.what})")


def _nothing(reason: str) -> Callable[[Case], Verdict]:
    return lambda case: Verdict("nothing", reason)


def _guarded(case: Case) -> bool:
    """Whether a unit is left alone whose end would take others with it, or the user."""
    if not (case.guard and case.disturbs and case.state.is_up):
        return False
    return case.guard.is_absolute or not (case.is_allowed or (_reloads(case) and case.can_reload))


def _reloads(case: Case) -> bool:
    return case.policy.on_change == "reload" and case.change != "removed" and not case.has("binds")


def _protected(case: Case) -> Verdict:
    what = "it is removed" if case.change == "removed" else case.what
    why = f"protected, as {case.guard.why if case.guard else ''} ({what})"
    if case.guard and case.guard.is_absolute:
        return Verdict("pending", f"{why}: mkunit never restarts it")
    word, verb = ('`on_remove="stop"`', "stops") if case.change == "removed" else ('`on_change="restart"`', "restarts")
    return Verdict("pending", f"{why}: `--allow {case.name}` {verb} it, and so does {word}")


def _refuses(case: Case) -> bool:
    """Whether systemctl would say no: a stop asks the old definition, a restart the new one."""
    if not (case.disturbs and case.state.is_up):
        return False
    stops = case.change == "removed" or case.policy.on_change == "stop-start"
    asked = case.before or case.unit if stops else case.unit
    return asked.flag("RefuseManualStop") or (case.change != "removed" and case.unit.flag("RefuseManualStart"))


def _always(action: str, reason: str, drops: bool | None = None) -> Callable[[Case], Verdict]:
    return lambda case: Verdict(action, reason.replace("WHAT", case.what), drops)


def _removed(case: Case) -> Verdict:
    gone = "it is masked" if case.is_masked else "it is removed"
    if case.kind == "socket":
        return Verdict("stop", f"{gone}: nobody listens any more", drops=True)
    command = " its `ExecStop=` runs first" if case.unit.values("ExecStop") else ""
    return Verdict("stop", f"{gone};{command}" if command else gone, case.kind == "service" or None)


def _gone(case: Case) -> Verdict:
    if case.is_masked:
        return Verdict("nothing", "masked: nobody starts it any more")
    return Verdict("nothing", "removed; it was not running")


def _rebind(case: Case) -> Verdict:
    reason = f"socket and service together: {case.what}, and `{case.service}` holds the old descriptors"
    return Verdict("rebind", f"{reason}; connections are refused for a moment", drops=True)


def _restart(case: Case) -> Verdict:
    if case.sockets:
        return Verdict("restart", f"{case.what}, and it is running; connections queue meanwhile", drops=False)
    return Verdict("restart", f"{case.what}, and it is running", drops=True if case.kind == "service" else None)


def _reload(case: Case) -> Verdict:
    if case.can_reload:
        return Verdict("reload", f"{case.what}; it reloads without a break", drops=False)
    verdict = _restart(case)
    return verdict._replace(reason=f"{verdict.reason}; it cannot reload, having no `ExecReload=`")


def _idle(case: Case) -> Verdict:
    if case.is_wanted and not case.trigger and case.kind not in ("timer", "path"):
        return Verdict("nothing", "stopped by the administrator, and left so")
    if case.trigger:
        return Verdict("nothing", f"not running: the new one starts when `{case.trigger}` starts it")
    return Verdict("nothing", "not running: the new one starts the next time")


def _retry(case: Case) -> Verdict:
    how = "keeps failing" if case.state.sub == "auto-restart" else "has failed"
    return Verdict("retry", f"{case.what}, and it {how}: tried again", drops=False)


def _acts(case: Case) -> bool:
    """Whether a change of it would be more than a reload of systemd's files."""
    return case.disturbs or case.has("reload") or (case.is_failed and case.has(*case.difference.classes - {"none"}))


def _elapsed(case: Case) -> bool:
    return case.kind == "timer" and case.is_active and case.state.sub == "elapsed"


def _is_new(case: Case) -> bool:
    return case.change == "new" and not case.state.is_up


def _to_start(case: Case) -> bool:
    wanted = case.asked or case.policy.ensure == "running"
    return not case.state.is_up and (wanted or (case.change == "new" and case.is_wanted and not case.trigger))


def _start(case: Case) -> Verdict:
    if case.asked:
        return Verdict("start", "you asked for it")
    if case.policy.ensure == "running":
        return Verdict("start", '`ensure="running"`, and it is not')
    return Verdict("start", "new, and what wants it is active")


def _new(case: Case) -> Verdict:
    if case.trigger:
        return Verdict("nothing", f"new: `{case.trigger}` starts it")
    if case.is_wanted or case.unit.values("WantedBy"):
        return Verdict("nothing", "new: starts together with what wants it")
    return Verdict("nothing", "new: nothing starts it by itself")


def _spawned(case: Case) -> Verdict:
    many = f"{case.connections} connection{'s' if case.connections != 1 else ''}"
    return Verdict("nothing", f"{many} stay on the old definition, new ones get the new", drops=False)


def _many(case: Case) -> Verdict:
    return Verdict("nothing", f"{_whose(case)}: each takes it when it next starts")


def _whose(case: Case) -> str:
    """Which units a drop-in for many is for."""
    stem = case.name.rpartition(".")[0]
    return f"for all {case.kind}s whose names begin with `{stem}`" if stem else f"for all {case.kind}s"


def _slice(case: Case) -> Verdict:
    return Verdict("live", f"{case.what}: in force at once, nothing is restarted", drops=False)


ROWS: tuple[Row, ...] = (
    Row("unchanged", lambda c: c.change == "unchanged" and not c.difference.classes and not _to_start(c),
        _nothing("unchanged")),
    Row("many", lambda c: is_many(c.name), _many),
    Row("masked", lambda c: c.state.load == "masked", _nothing("masked by the administrator")),
    Row("spawned", lambda c: c.is_spawned, _spawned),
    Row("connections", lambda c: bool(c.connections) and c.change != "removed", _spawned),
    Row("host", lambda c: c.is_host and c.disturbs and c.state.is_up,
        _pending("mkunit itself runs in it, or ends with it: restart it when that is done")),
    Row("protected", _guarded, _protected),
    Row("removed, keep", lambda c: c.change == "removed" and c.state.is_up and c.policy.on_remove == "keep",
        _nothing("removed, but left running: `on_remove` says so")),
    Row("removed, refuses", lambda c: c.change == "removed" and _refuses(c),
        _always("pending", "removed, but left running: it refuses to be stopped by hand")),
    Row("removed slice", lambda c: c.change == "removed" and c.kind == "slice",
        _nothing("removed; it goes with the last unit that is in it")),
    Row("removed, active", lambda c: c.change == "removed" and c.state.is_up, _removed),
    Row("removed, failed", lambda c: c.change == "removed" and c.is_failed,
        _always("forget", "removed; it had failed, which is forgotten")),
    Row("removed, inactive", lambda c: c.change == "removed", _gone),
    Row("held", lambda c: c.is_held and (c.state.is_up or c.is_failed) and _acts(c),
        _pending("left as it runs")),
    Row("socket under a running service",
        lambda c: c.kind == "socket" and not c.accepts and bool(c.service)
        and ((c.has("binds", "restart") and (c.is_active or c.is_failed)) or _to_start(c)), _rebind),
    Row("with its socket", lambda c: c.rebound,
        _always("rebind", "socket and service together: the service holds the old descriptors", drops=True)),
    Row("failed", lambda c: c.is_failed and c.difference.classes - {"none"} != frozenset() and c.kind != "slice",
        _retry),
    Row("refuses manual start", lambda c: _to_start(c) and c.unit.flag("RefuseManualStart"),
        _nothing("refuses manual start: what wants it starts it")),
    Row("to start", _to_start, _start),
    Row("new", _is_new, _new),
    Row("inactive", lambda c: not c.state.is_up, _idle),
    Row("policy keep", lambda c: c.policy.on_change == "keep" and c.disturbs, _pending('`on_change="keep"`')),
    Row("accepting socket", lambda c: c.kind == "socket" and c.accepts and c.has("binds", "restart"),
        _always("restart", "WHAT: bound again; open connections stay with their instances", drops=False)),
    Row("socket", lambda c: c.kind == "socket" and c.has("binds", "restart"),
        _always("restart", "WHAT: bound again; its service is not running", drops=True)),
    Row("elapsed timer", _elapsed, _always("restart", "WHAT, and it had elapsed: its service is not started")),
    Row("timer", lambda c: c.kind == "timer" and bool(c.difference.classes),
        _always("live", "WHAT: systemd computes the next time anew")),
    Row("path", lambda c: c.kind in ("path", "slice"), _slice),
    Row("target", lambda c: c.kind == "target" and not c.has("pulls"), _slice),
    Row("target that pulls", lambda c: c.kind == "target", _always("pull", "WHAT: what it wants more is started")),
    Row("automount, swap", lambda c: c.kind in ("automount", "swap") and c.disturbs and not c.is_allowed,
        _pending('restarting it would take away what is in use: `on_change="restart"` does it')),
    Row("refuses manual stop", _refuses, _pending("refuses to be restarted by hand")),
    Row("policy reload", lambda c: c.policy.on_change == "reload" and c.has("restart", "reload"), _reload),
    Row("policy stop-start", lambda c: c.policy.on_change == "stop-start" and c.has("restart"),
        _always("stop-start", "WHAT: stopped with the old definition, started with the new", drops=True)),
    Row("restart", lambda c: c.has("restart", "binds"), _restart),
    Row("reload", lambda c: c.has("reload"), _reload),
    Row("pulls", lambda c: c.has("pulls"), _always("pull", "WHAT: what it wants more is started")),
    Row("live", lambda c: c.has("live", "cgroup"), _always("live", "WHAT: in force without a restart", drops=False)),
    Row("none", lambda c: True, _nothing("nothing that a running unit would notice")),
)  # fmt: skip


def decide(case: Case) -> tuple[str, Verdict]:
    """The row that holds, and its verdict."""
    row = next(row for row in ROWS if row.holds(case))
    return row.name, row.verdict(case)
