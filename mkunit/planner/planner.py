"""Puts the plan together: files and links, a verdict for each unit, and the steps."""

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from mkunit.model.plan import ASKED, Change, Generation, Meant, Op, Pending, Plan, Snapshot, Step
from mkunit.model.unit import shown
from mkunit.planner import steps as order
from mkunit.planner.case import Case, Effects, Triggers
from mkunit.planner.cases import Scene, cases
from mkunit.planner.meant import meant
from mkunit.planner.ownership import DRIFTED, STRICTLY, Files, Leave, files, touched
from mkunit.planner.table import Verdict, decide

Decided = list[tuple[Case, Verdict]]


@frozen
class Options:
    """What the user has asked for beyond the units themselves."""

    leave: Leave = STRICTLY
    start: frozenset[str] = frozenset()  # units to be started now
    starts_new: bool = True  # what is new and enabled is started where what wants it is active
    strict: bool = False  # restart even where a change is in force without
    allow: frozenset[str] = frozenset()  # protected units that may be restarted all the same
    holds: bool = False  # what runs is left as it runs: every restart is put off
    leaves: bool = False  # mkunit can go on elsewhere where the unit that it runs in is restarted


def plan(wanted: Generation, snapshot: Snapshot, effects: Effects, options: Options | None = None) -> Plan:
    """Everything that an apply will do, or why it must not."""
    options = options or Options()
    kept = files(wanted, snapshot, options.leave)
    paths = {piece.path for piece in wanted.pieces}
    saved = {path: text for path, text in kept.saved.items() if path in paths or path.endswith(DRIFTED)}
    wanted = evolve(wanted, saved=saved)
    changed = touched(kept.files, wanted, snapshot.owned)
    bare = Plan(
        snapshot.scope, snapshot.folder, (), tuple(kept.files), tuple(kept.links), (), tuple(kept.refusals),
        tuple(kept.notes), generation=wanted, is_recorded=wanted.same(snapshot.owned),
    )  # fmt: skip
    if kept.refusals:
        return evolve(bare, changes=_file_changes(changed, snapshot, {}))
    if not snapshot.is_running:
        return evolve(bare, changes=_unheard(changed, snapshot, kept), steps=(Step("write"),) if _writes(kept) else ())
    scene = Scene(
        wanted, snapshot, effects, Triggers(effects), options.start, options.strict, options.starts_new, options.allow,
        options.holds, options.leaves,
    )  # fmt: skip
    decided = _rebound([(case, decide(case)[1]) for case in cases(scene, changed, options.leave.only)], scene)
    return _planned(bare, decided, changed, scene, kept)


def _writes(kept: Files) -> bool:
    return bool(kept.files or kept.links)


def _planned(bare: Plan, decided: Decided, changed: Mapping[str, list[Op]], scene: Scene, kept: Files) -> Plan:
    snapshot = scene.snapshot
    calls = order.steps(_batches(decided, scene), writes=_writes(kept))
    names = dict.fromkeys(name for step in calls for name in step.units)
    return evolve(
        bare,
        changes=_changes(decided, changed, snapshot),
        steps=calls,
        meant=_meant(changed, scene),
        busy=tuple(case.name for case, _ in decided if _is_busy(case) and case.name not in snapshot.hosts),
        before={name: snapshot.state(name) for name in names},
        excused=frozenset(case.name for case, _ in decided if case.is_failed),
        probes={case.name: case.policy.probe for case, _ in decided if case.policy.probe and case.name in names},
        pending=_pending(decided, snapshot, names),
        is_recorded=bare.is_recorded and _pending(decided, snapshot, names) == dict(snapshot.pending),
    )


def _meant(changed: Mapping[str, list[Op]], scene: Scene) -> dict[str, tuple[Meant, ...]]:
    """What systemd is to say of the units that change; of many only of some, since to ask takes as long for each."""
    after = {name: found.after for name in changed if "@." not in name and (found := scene.effects.get(name))}
    loaded = sorted(after, key=lambda name: name not in scene.snapshot.units)
    paths: dict[str, list[str]] = {name: [] for name in loaded[:ASKED]}
    for piece in scene.wanted.pieces:
        if piece.unit in paths:
            paths[piece.unit].append(piece.path)
    return {name: meant(unit, scene.snapshot.folder, own) for name, own in paths.items() if (unit := after[name])}


def _rebound(decided: Decided, scene: Scene) -> Decided:
    """A service whose socket is bound again is dealt with together with it."""
    services = {case.service for case, verdict in decided if verdict.action == "rebind"}
    return [
        (case, decide(evolve(case, rebound=True))[1] if case.name in services and verdict.action != "stop" else verdict)
        for case, verdict in decided
    ]


def _batches(decided: Decided, scene: Scene) -> order.Batches:
    groups = [case for case, verdict in decided if verdict.action == "rebind" and case.service]
    rolling = [case for case, verdict in decided if verdict.action == "restart" and _rolls(case)]
    rolled = {case.name for case in rolling}
    stopped = {case.name for case, verdict in decided if verdict.action == "stop"}
    found = order.batches((case.name, verdict) for case, verdict in decided if case.name not in rolled)
    for case in groups:
        others = [s for s in scene.triggers.sockets(case.service) if scene.snapshot.state(s).is_up]
        sockets = [name for name in dict.fromkeys([case.name, *others]) if name not in stopped]
        services = [case.service] if case.service not in stopped else []
        order.rebind(found, sockets, services, scene.snapshot)
    bound = {*found.early}
    found.restart = [name for name in found.restart if name not in bound]
    for size in dict.fromkeys(case.policy.rolling for case in rolling):
        found.rolling.append((size, [case.name for case in rolling if case.policy.rolling == size]))
    return found


def _rolls(case: Case) -> bool:
    return case.policy.rolling > 0 and "@" in case.name


def _is_busy(case: Case) -> bool:
    """In the middle of something: a reload of systemd's files now could make it skip what is left to do."""
    if case.change == "unchanged" or (case.change == "changed" and case.difference.classes <= {"none"}):
        return False
    moving = case.state.active in ("activating", "deactivating", "reloading") and case.state.sub != "auto-restart"
    return bool(case.state.job) or moving


def _pending(decided: Decided, snapshot: Snapshot, names: Iterable[str]) -> dict[str, Pending]:
    """The restarts that stay put off: new ones, and old ones whose units nobody has restarted since."""
    found = {
        name: pending
        for name, pending in snapshot.pending.items()
        if pending.invocation == snapshot.state(name).invocation and name not in names
    }
    for case, verdict in decided:
        if verdict.action == "pending":
            found.setdefault(case.name, Pending(case.state.invocation, verdict.reason))
        elif verdict.action == "stop":
            found.pop(case.name, None)
    return found


def _changes(decided: Decided, changed: Mapping[str, list[Op]], snapshot: Snapshot) -> tuple[Change, ...]:
    """A row for each file, with what becomes of its unit; rows without a file for all other units."""
    verdicts: dict[str, tuple[Case, Verdict]] = {case.name: (case, verdict) for case, verdict in decided}
    rows = list(_file_changes(changed, snapshot, {name: verdict for name, (_, verdict) in verdicts.items()}))
    with_file = {row.unit for row in rows}
    for name, (case, verdict) in verdicts.items():
        if name not in with_file and not (case.change == "unchanged" and verdict.action == "nothing"):
            rows.append(_row(name, snapshot.scope, Op("", None, None), "unchanged", verdict))
    return tuple(rows)


def _row(name: str, scope: str, op: Op, change: str, verdict: Verdict) -> Change:
    return Change(
        name, scope, op.path, change, shown(op.before), shown(op.after), verdict.action, verdict.reason, verdict.drops
    )


def _file_changes(
    changed: Mapping[str, list[Op]], snapshot: Snapshot, verdicts: Mapping[str, Verdict]
) -> tuple[Change, ...]:
    rows = []
    for name, ops in changed.items():
        verdict = verdicts.get(name) or Verdict("nothing", "its instances are dealt with one by one")
        for op in ops:
            kind = "new" if op.before is None else "removed" if op.after is None else "changed"
            rows.append(_row(name, snapshot.scope, op, kind, verdict))
    return tuple(rows)


def _unheard(changed: Mapping[str, list[Op]], snapshot: Snapshot, kept: Files) -> tuple[Change, ...]:
    """Where no systemd runs, files are all there is: it reads them when it starts."""
    verdict = Verdict("nothing", "no systemd runs here: it reads this when it starts")
    return _file_changes(changed, snapshot, dict.fromkeys(changed, verdict))
