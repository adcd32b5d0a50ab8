"""The plan that takes a plan back, from what it did and what is running now; pure."""

from collections.abc import Collection, Iterable, Mapping

from mkunit.model.plan import IDLE, Generation, Op, Pending, Plan, State, Step

_FIRST = ("socket", "timer", "path", "automount")


def undo(
    plan: Plan,
    now: Mapping[str, State],
    old: Generation,
    pending: Mapping[str, Pending],
    holders: Mapping[str, State] | None = None,
    touched: Collection[str] | None = None,
) -> Plan:
    """Files and links as they were; what was stopped runs again, what was started does not.

    A unit that still runs as it did before is left alone: `touched` are the others, where that is known. `holders` are
    services that keep sockets from being bound again: their next connection starts them.
    """
    if touched is None:
        acted = frozenset(plan.units("stop", "start", "restart"))
        touched = {name for name, state in plan.before.items() if _is_touched(name, state, now.get(name, IDLE), acted)}
    touched = dict.fromkeys(name for name in plan.before if name in touched)
    stopped = set(plan.units("stop"))
    was_up = [name for name, state in plan.before.items() if state.is_up]
    may = [name for name in was_up if name in stopped or not now.get(name, IDLE).is_up or name.endswith(".socket")]
    back = dict.fromkeys(name for name in may if name in touched or not now.get(name, IDLE).is_up)
    again = dict.fromkeys(name for name in was_up if name in touched and name not in back)
    gone = [name for name in (*touched, *back) if now.get(name, IDLE).is_up and name not in again]
    gone += holders or ()
    failed = [name for name in plan.before if now.get(name, IDLE).active == "failed"]
    reloaded = [name for name in plan.units("reload") if name not in back and name not in again]
    steps = _steps(gone, failed, back, again, reloaded, writes=bool(plan.files or plan.links))
    return Plan(
        plan.scope, plan.folder, files=_reversed(plan.files), links=_reversed(plan.links), steps=steps,
        before={name: now.get(name, IDLE) for name in plan.before}, excused=plan.excused, pending=dict(pending),
        generation=old, is_recorded=False,
    )  # fmt: skip


def _is_touched(name: str, before: State, now: State, acted: Collection[str]) -> bool:
    """Whether a unit was stopped, started or restarted; where invocations are not known, it is taken for granted."""
    if now.invocation or before.invocation:
        return now.invocation != before.invocation
    return name in acted


def _reversed(ops: Iterable[Op]) -> tuple[Op, ...]:
    return tuple(Op(op.path, op.after, op.before) for op in ops)


def _steps(
    gone: list[str], failed: list[str], back: Iterable[str], again: Iterable[str], reloaded: list[str], *, writes: bool
) -> tuple[Step, ...]:
    early = [name for name in back if name.rpartition(".")[2] in ("socket", "mount")]
    late = [name for name in back if name not in early]
    calls: tuple[tuple[str, Iterable[str] | None], ...] = (
        ("stop", sorted(gone, key=lambda name: name.rpartition(".")[2] not in _FIRST)),
        ("write", None if not writes else []),
        ("daemon-reload", None if not writes else []),
        ("reset-failed", list(dict.fromkeys([*failed, *gone]))),
        ("start", early),
        ("restart", again),
        ("reload", reloaded),
        ("start", late),
    )
    return tuple(
        Step(verb, tuple(dict.fromkeys(units)))
        for verb, units in calls
        if units is not None and (units or verb in ("write", "daemon-reload"))
    )
