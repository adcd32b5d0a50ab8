"""From a snapshot to one case for each unit that something happens to."""

from collections.abc import Collection, Iterator, Mapping

from attrs import evolve, field, frozen

from mkunit.model.name import Name
from mkunit.model.plan import Generation, Piece, Policy, Snapshot, State
from mkunit.planner.case import Case, Effective, Effects, Guard, Triggers, guard, instances, name_of
from mkunit.planner.classes import NOTHING, Difference, difference

_NO_UNIT = Effective(None, None)


@frozen
class Scene:
    """Everything that cases are made from."""

    wanted: Generation
    snapshot: Snapshot
    effects: Effects
    triggers: Triggers
    start: frozenset[str]
    strict: bool
    starts_new: bool = True
    allow: frozenset[str] = frozenset()
    holds: bool = False
    leaves: bool = False
    masked: frozenset[str] = field(init=False)  # by us, afterwards
    unmasked: frozenset[str] = field(init=False)  # by us, before and no longer

    @masked.default
    def _masked(self) -> frozenset[str]:
        return frozenset(piece.unit for piece in self.wanted.pieces if piece.is_mask)

    @unmasked.default
    def _unmasked(self) -> frozenset[str]:
        return frozenset(piece.unit for piece in self.snapshot.owned.pieces if piece.is_mask) - self.masked

    @property
    def stamped(self) -> dict[str, bool]:
        """The watched files that have changed since they were recorded."""
        old = self.snapshot.owned.stamps
        return {path: True for path, stamp in self.wanted.stamps.items() if old.get(path, stamp) != stamp}


def policies(generation: Generation) -> dict[str, Policy]:
    """The policy of each unit; what a drop-in says comes on top of what the unit says."""
    words: dict[str, dict[str, object]] = {}
    for piece in sorted(generation.pieces, key=lambda piece: piece.is_dropin):
        words.setdefault(piece.unit, {}).update(piece.words)
    return {name: Policy.of(tuple(found.items())) for name, found in words.items()}


def cases(scene: Scene, changed: Mapping[str, object], only: Collection[str] | None = None) -> Iterator[Case]:
    """A case for each unit whose files change, whose watched files do, or which is to run; templates by instance.

    With `only`, of some units: a restart that another one waits for is none of theirs.
    """
    wanted, owned = policies(scene.wanted), policies(scene.snapshot.owned)
    pieces = {piece.unit: piece for piece in (*scene.snapshot.owned.pieces, *scene.wanted.pieces)}
    for name in dict.fromkeys([*changed, *pieces, *sorted(scene.start)]):
        if only is not None and name not in only:
            continue
        policy = wanted.get(name) or owned.get(name) or Policy()
        case = _case(scene, name, pieces.get(name), policy, name in changed)
        if _concerns(case, scene):
            yield from _by_instance(scene, case)


def _concerns(case: Case, scene: Scene) -> bool:
    idle = case.change == "unchanged" and not case.difference.classes
    return not idle or ((case.policy.ensure == "running" or case.asked) and not case.state.is_up)


def _case(scene: Scene, name: str, piece: Piece | None, policy: Policy, is_changed: bool) -> Case:
    snapshot = scene.snapshot
    effective = scene.effects.get(name, _NO_UNIT)
    state = snapshot.state(name)
    if name in scene.unmasked:  # systemd knows of no other file of it yet
        state = state._replace(load="")
    change = _change(effective, state) if is_changed else "unchanged"
    found, because = _difference(scene, name, effective, policy, change)
    service = next((s for s in scene.triggers.service.get(name, ()) if snapshot.state(s).is_up), "")
    sockets = tuple(s for s in scene.triggers.sockets(name) if snapshot.state(s).is_up)
    return Case(
        name, change, found, state, policy, effective.before, effective.after,
        is_host=_is_host(scene, name, service),
        guard=guard(name) or _ground(scene, effective),
        is_allowed=_is_allowed(scene, name, policy, change),
        is_wanted=scene.starts_new and _is_wanted(piece, snapshot),
        trigger=next(iter(scene.triggers.by_service.get(name, ())), ""),
        asked=name in scene.start,
        is_held=scene.holds,
        service=service if name.endswith(".socket") else "",
        sockets=sockets,
        because=because,
        is_masked=name in scene.masked,
    )  # fmt: skip


def _is_host(scene: Scene, name: str, service: str) -> bool:
    """Whether mkunit runs in the unit, or in the service of a socket, and cannot leave before that ends."""
    now = scene.snapshot
    # What waits for mkunit to come up, or to go down, would wait for mkunit, which would wait for it.
    stuck = (host for host in now.hosts if not scene.leaves or now.state(host).active != "active")
    return not {name, service}.isdisjoint({*now.ends, *stuck})


def _ground(scene: Scene, effective: Effective) -> Guard | None:
    """What stands against a restart of the mount that mkunit's own files are on."""
    unit = effective.before or effective.after
    place = (unit.directive("Where") or "") if unit and unit.kind == "mount" else ""
    below = any(f"{path}/".startswith(f"{place.rstrip('/')}/") for path in scene.snapshot.ground if place)
    return Guard("mkunit's own files are on it", True) if below else None


def _is_allowed(scene: Scene, name: str, policy: Policy, change: str) -> bool:
    """Whether the user has said of this very unit that it may be restarted, or stopped where it is removed."""
    said = policy.on_remove == "stop" if change == "removed" else policy.on_change in ("restart", "stop-start")
    return said or name in scene.allow


def _change(effective: Effective, state: State) -> str:
    if effective.after is None:
        # Of a unit that the kernel or a device makes there are no files, but perhaps drop-ins.
        return "new" if effective.before is None and state.load == "loaded" else "removed"
    return "new" if effective.before is None else "changed"


def _difference(scene: Scene, name: str, effective: Effective, policy: Policy, change: str) -> tuple[Difference, str]:
    """What differs for the running unit: its definition, what it watches, and a restart that was put off."""
    before, after = effective
    found = difference(before, after) if change == "changed" and before and after else NOTHING
    if scene.strict and found.classes & {"live", "cgroup"}:
        found = Difference(found.classes | {"restart"}, found.names)
    stamped = scene.stamped
    for watched, kind in ((policy.restart_on, "restart"), (policy.reload_on, "reload")):
        if path := next((path for path in watched if path in stamped), None):
            own = found.classes & {"restart", "binds"}
            return Difference(found.classes | {kind}, found.names), "" if own else path
    pending = scene.snapshot.pending.get(name)
    if pending and pending.invocation == scene.snapshot.state(name).invocation and change != "removed":
        return Difference(found.classes | {"restart"}, found.names), ""
    return found, ""


def _is_wanted(piece: Piece | None, snapshot: Snapshot) -> bool:
    """Whether a target that is active wants the unit, by one of the links that enable it."""
    for path, _ in piece.links if piece else ():
        folder, _, _ = path.rpartition("/")
        target, _, relation = folder.rpartition(".")
        if relation in ("wants", "requires", "upholds") and snapshot.state(target).active in ("active", "activating"):
            return True
    return False


def _by_instance(scene: Scene, case: Case) -> Iterator[Case]:
    """A template never runs itself: its instances do, but not those that have files of their own."""
    parts = name_of(case.name)
    if not parts or not parts.is_template:
        yield case
        return
    own = {piece.unit for piece in scene.wanted.pieces if not piece.is_dropin}
    found = [name for name in instances(case.name, scene.snapshot) if name not in own]
    spawned = [name for name in found if scene.triggers.spawned(name)]
    if spawned or not found:
        yield evolve(case, connections=len(spawned))
    for name in found:
        if name not in spawned:
            yield _instance(scene, case, name, parts)


def _instance(scene: Scene, case: Case, name: str, parts: Name) -> Case:
    """An instance may have drop-ins of its own, so that less changes for it, or more."""
    own = scene.effects.get(name, Effective(case.before, case.after))
    found, because = _difference(scene, name, own, case.policy, case.change)
    sockets = tuple(s for s in scene.triggers.sockets(name) if scene.snapshot.state(s).is_up)
    return evolve(
        case, name=name, difference=found, because=because, before=own.before, after=own.after,
        state=scene.snapshot.state(name), is_host=_is_host(scene, name, ""), guard=guard(name),
        is_allowed=_is_allowed(scene, name, case.policy, case.change), trigger="", sockets=sockets,
        service=_service(scene, name, case, parts) if case.kind == "socket" else "",
    )  # fmt: skip


def _service(scene: Scene, name: str, case: Case, parts: Name) -> str:
    """The service that an instance of a socket template starts, where it is running."""
    if case.accepts:
        return ""
    service = name.removesuffix(".socket") + ".service"
    return service if scene.snapshot.state(service).is_up else ""
