"""The plan for units of all users: files once, and for each user whose systemd runs what that one has to do."""

from collections.abc import Mapping

from attrs import evolve

from mkunit import planner
from mkunit.errors import Diagnostic, Severity
from mkunit.model.plan import IDLE, Generation, Plan, Snapshot, State
from mkunit.planner import Effects, Options
from mkunit.planner.together import together
from mkunit.system.everyone import Everyone

_OWN = "the user has a file of their own for it"


def bare(now: Snapshot) -> Snapshot:
    """The same with units by their own names, whosever they are: for what there is to be read about them."""
    units = {full.rpartition("/")[2]: state for full, state in now.units.items()}
    return evolve(now, units=units, pending={full.rpartition("/")[2]: one for full, one in now.pending.items()})


def plan(
    everyone: Everyone,
    wanted: Generation,
    now: Snapshot,
    effects: Effects,
    masked: Mapping[str, State],
    options: Options,
) -> Plan:
    """From a snapshot whose units and pending restarts are called after their users."""
    quiet = evolve(now, is_running=False, units={}, pending={})
    files = planner.plan(wanted, quiet, {}, options)
    users = [] if files.refusals else everyone.names()
    parts = {name: _part(name, everyone, wanted, _of(name, now, masked), effects, options) for name in users}
    found = together(files, {name: part for name, part in parts.items() if name not in everyone.silent}, now.pending)
    return evolve(found, notes=(*found.notes, *map(_silent, sorted(everyone.silent))))


def _of(name: str, now: Snapshot, masked: Mapping[str, State]) -> Snapshot:
    """What is one user's of it."""
    units = {full.removeprefix(f"{name}/"): one for full, one in now.units.items() if full.startswith(f"{name}/")}
    pending = {full.removeprefix(f"{name}/"): one for full, one in now.pending.items() if full.startswith(f"{name}/")}
    return evolve(now, units={**masked, **units}, pending=pending)


def _part(name: str, everyone: Everyone, wanted: Generation, own: Snapshot, effects: Effects, options: Options) -> Plan:
    """One manager's plan, as if it were alone; what its user has a file of their own for is left to them."""
    units = {**own.units, **everyone.of(name, [unit for unit in effects if unit in own.units])}
    found = planner.plan(wanted, evolve(own, units=units), effects, options)
    touched = dict.fromkeys(unit for step in found.steps for unit in step.units)
    theirs = everyone.elsewhere(name, list(touched))
    if not theirs:
        return found
    units |= {unit: units.get(unit, IDLE)._replace(load="masked") for unit in theirs}  # to us it is as good as that
    found = planner.plan(wanted, evolve(own, units=units), effects, options)
    changes = tuple(evolve(one, reason=_OWN) if one.unit in theirs else one for one in found.changes)
    return evolve(found, changes=changes, notes=(*found.notes, *(_hidden(name, *one) for one in theirs.items())))


def _silent(name: str) -> Diagnostic:
    message = f"the systemd of `{name}` does not answer, and is left out"
    hint = f"`systemctl --user -M {name}@ daemon-reload` when it does, or let `{name}` log in again"
    return Diagnostic("silent", message, hint, severity=Severity.WARNING)


def _hidden(name: str, unit: str, place: str) -> Diagnostic:
    message = f"`{name}` has a `{unit}` of their own, {place}: that one goes on"
    return Diagnostic("hidden", message, severity=Severity.INFO, unit=unit)
