"""Apply a plan, take it back where it fails, and end what an interrupted process began."""

from collections.abc import Mapping
from contextlib import suppress

from mkunit.errors import (
    BusyError,
    DeniedError,
    Diagnostic,
    IncompleteError,
    MkunitError,
    RefusedError,
    RolledBackError,
    Severity,
)
from mkunit.model.plan import IDLE, Generation, Journal, Op, Plan, Receipt, State, Step
from mkunit.model.port import Store, System
from mkunit.runner.follow import Follower, blamed, settled
from mkunit.runner.manner import Manner
from mkunit.runner.touched import touched
from mkunit.runner.undo import undo

_USUAL = Manner()


def apply(plan: Plan, system: System, store: Store, manner: Manner = _USUAL) -> Receipt:
    """Do what a plan says; RefusedError before anything is touched, RolledBackError where it failed."""
    if plan.refusals:
        raise RefusedError(*plan.refusals)
    _fresh(plan, system)
    old, pending = store.current(), store.pending()
    if plan.is_empty:
        return Receipt(plan, undo(plan, {}, old, pending))
    journal = Journal(plan, old.number, confirm=manner.confirms, boot=system.boot())
    _begin(journal, store)
    warnings = _attempt(Follower(journal, system, store, manner), "confirming" if manner.confirms else None)
    back = undo(plan, system.units(plan.before), old, pending)
    return Receipt(plan, back, tuple(warnings))


def _fresh(plan: Plan, system: System) -> None:
    """The files that the plan was made from must still be there: it is refused whole otherwise."""
    found = system.look([op.path for op in (*plan.files, *plan.links)])
    stale = [op for op in (*plan.files, *plan.links) if found[op.path].text != op.before]
    if stale:
        raise RefusedError(*(_stale(op, plan) for op in stale))


def _stale(op: Op, plan: Plan) -> Diagnostic:
    return Diagnostic("stale-plan", f"`{plan.folder}/{op.path}` changed since the plan was made", "plan anew")


def _begin(journal: Journal, store: Store) -> None:
    """Put the plan on record; where even that cannot be done, nothing is touched."""
    try:
        store.begin(journal)
    except OSError as error:
        with suppress(OSError):
            store.forget()
        kind = DeniedError if isinstance(error, PermissionError) else RefusedError
        note = Diagnostic("untouched", "nothing was touched", severity=Severity.INFO)
        raise kind(*blamed(error), note) from None


def _attempt(follower: Follower, phase: str | None = None) -> list[Diagnostic]:
    """Follow the plan, and put that on record, or the phase that it waits in; where it fails, take it back."""
    try:
        warnings = follower.follow()
        if phase:
            follower.store.phase(follower.journal, phase)
        else:
            follower.store.commit(follower.journal)
    except (MkunitError, OSError, KeyboardInterrupt) as error:
        found = blamed(error)
        if follower.journal.undoes:
            raise IncompleteError(*found, *_left(follower)) from None
        if not follower.manner.rolls_back:
            follower.store.commit(follower.journal)
            hint = "`mkunit rollback` takes it back"
            note = Diagnostic("not-rolled-back", "left as it is, as you asked for", hint, severity=Severity.INFO)
            raise IncompleteError(*found, note) from None
        take_back(follower.journal, follower.system, follower.store, follower.manner, found)
        note = Diagnostic("rolled-back", "everything is as it was before", severity=Severity.INFO)
        raise RolledBackError(*found, note) from None
    return warnings


def _left(follower: Follower) -> list[Diagnostic]:
    hint = "mend it, then `mkunit recover` tries again"
    return [Diagnostic("rollback-incomplete", "not everything could be taken back", hint)]


def take_back(
    journal: Journal, system: System, store: Store, manner: Manner, found: tuple[Diagnostic, ...] = ()
) -> None:
    """Lead everything back to the generation before; IncompleteError where that fails too."""
    manner.tell(Step("take-back"))
    try:
        settled(system, journal.plan.before, manner.patience)
        states = system.units(journal.plan.before)
        old = store.generation(journal.old) or Generation()
        done = touched(journal, journal.plan.before, states, system)
        plan = undo(journal.plan, states, old, store.pending(), _holders(journal.plan, states, system), done)
        back = Journal(plan, journal.old, undoes=True, boot=system.boot())
        store.begin(back)
        Follower(back, system, store, manner).follow()
        store.commit(back)
    except (MkunitError, OSError) as error:
        hint = "mend it, then `mkunit recover` tries again"
        left = Diagnostic("rollback-incomplete", "not everything could be taken back", hint)
        raise IncompleteError(*found, *blamed(error), left) from None


def _holders(plan: Plan, states: Mapping[str, State], system: System) -> dict[str, State]:
    """Services that somebody's connection has started since: while they run, their sockets cannot be bound again."""
    sockets = [n for n, s in plan.before.items() if n.endswith(".socket") and s.is_up and states.get(n, IDLE) != s]
    services = {service for name in sockets for service in system.details(name).get("Triggers", "").split()}
    return {name: state for name, state in system.units(services - {*plan.before}).items() if state.is_up}


def recover(system: System, store: Store, manner: Manner = _USUAL, *, back: bool = False) -> str | None:
    """End an apply that was interrupted: `old` or `new` is what is in force then; None where there was none.

    Before the first file was written everything is taken back, after that it is carried on, unless `back` says not to.
    """
    found = store.journal()
    if found is None:
        return None
    journal, phase = found
    number = journal.plan.generation.number
    if phase == "confirming" and not back:
        hint = "`mkunit confirm` keeps it, `mkunit recover --back` takes it back"
        raise BusyError(Diagnostic("unconfirmed", "the last apply waits to be confirmed", hint))
    if store.current().number == number and not journal.undoes and number:
        store.forget()  # it was done but for the last stroke
        return "new"
    settled(system, journal.plan.before, manner.patience)
    if journal.undoes:
        _attempt(_resumed(journal, phase, system, store, manner))
        return "old"
    if phase == "prepared":
        store.forget()
        return "old"
    if phase == "stopping" or back:
        return _back(journal, phase, system, store, manner)
    _attempt(_resumed(journal, phase, system, store, manner))
    return "new"


def _resumed(journal: Journal, phase: str, system: System, store: Store, manner: Manner) -> Follower:
    """Whoever goes on: before that phase no unit was started, whatever started some of them since."""
    return Follower(journal, system, store, manner, phase, resumes=journal.acted is not None)


def _back(journal: Journal, phase: str, system: System, store: Store, manner: Manner) -> str:
    """Nothing was written yet: what was stopped is started again. Else everything is taken back."""
    if phase != "stopping":
        take_back(journal, system, store, manner)
        return "old"
    states = system.units(journal.plan.before)
    before = journal.plan.before
    units = [n for n in journal.plan.units("stop") if before[n].is_up and not states.get(n, IDLE).is_up]
    for kind in (True, False):  # sockets before their services
        if some := [name for name in units if name.endswith(".socket") is kind]:
            system.do("start", some)
    store.forget()
    return "old"


def confirm(store: Store) -> bool:
    """Keep what waits to be confirmed."""
    found = store.journal()
    if not found or found[1] != "confirming":
        return False
    store.commit(found[0])
    return True
