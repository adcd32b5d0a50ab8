"""Whether units are well after an apply; that systemctl succeeded proves nothing for a simple service."""

from collections.abc import Iterable, Mapping

from attrs import Factory, define

from mkunit.errors import Diagnostic, Severity, SystemdError
from mkunit.model.plan import IDLE, Plan, State
from mkunit.model.port import System
from mkunit.runner.explain import failure, why
from mkunit.runner.manner import Manner

_STEP = 0.2  # seconds between two looks


@define
class _Watch:
    """What has been seen of each unit so far."""

    since: dict[str, tuple[float, str]] = Factory(dict)  # first seen active, and in which invocation
    well: set[str] = Factory(set)
    warnings: list[Diagnostic] = Factory(list)


def check(plan: Plan, names: Iterable[str], system: System, manner: Manner) -> list[Diagnostic]:
    """Look until all are well; SystemdError with the reasons where one is not. The answers are warnings."""
    wanted = tuple(dict.fromkeys(names))
    watch, deadline = _Watch(), system.monotonic() + manner.patience + manner.settle
    while wanted:
        states = system.units(wanted)
        wrong = [
            found for name in wanted if (found := _look(plan, name, states.get(name, IDLE), watch, system, manner))
        ]
        if wrong:
            raise SystemdError(*wrong)
        if watch.well.issuperset(wanted):
            break
        if system.monotonic() > deadline:
            raise SystemdError(*(failure(system, n, "it does not come up") for n in wanted if n not in watch.well))
        system.sleep(_STEP)
    return watch.warnings + _probe(plan, wanted, system, manner)


def _look(plan: Plan, name: str, state: State, watch: _Watch, system: System, manner: Manner) -> Diagnostic | None:
    if name in watch.well:
        return None
    if state.active == "failed" or state.sub == "auto-restart":
        return _failed(plan, name, watch, system)
    if state.active in ("inactive", "deactivating"):
        return _ended(name, state, watch, system)
    if state.active not in ("active", "reloading", "refreshing"):
        return None
    since, invocation = watch.since.setdefault(name, (system.monotonic(), state.invocation))
    if invocation != state.invocation:
        return failure(system, name, "it was started again within seconds: " + why(system.details(name)))
    # Only what runs by itself can fail by itself, soon after it was started.
    settle = manner.settle if name.endswith(".service") and state.sub == "running" else 0.0
    if system.monotonic() - since >= settle:
        watch.well.add(name)
    return None


def _failed(plan: Plan, name: str, watch: _Watch, system: System) -> Diagnostic | None:
    found = failure(system, name)
    if name in plan.excused:
        watch.well.add(name)  # it was no better before
        watch.warnings.append(found._replace(message=f"{found.message}, as before", severity=Severity.WARNING))
        return None
    return found


def _ended(name: str, state: State, watch: _Watch, system: System) -> Diagnostic | None:
    """It is not running: a command that has done its work, a condition that does not hold, or something is wrong."""
    if state.active == "deactivating":
        return None
    shown = system.details(name)
    # systemd may have forgotten a unit that has ended, and then knows of no condition at all.
    if shown.get("ConditionResult") == "no" and shown.get("ConditionTimestampMonotonic") != "0":
        message = f"`{name}` was not started: a condition of it does not hold"
        watch.warnings.append(Diagnostic("condition", message, severity=Severity.WARNING, unit=name))
    elif not (_is_loaded(shown) and name.endswith(".service") and shown.get("Result", "success") == "success"):
        return failure(system, name)
    elif shown.get("Type") not in ("oneshot", None):
        message = f"`{name}` has ended, without an error, as soon as it was started"
        watch.warnings.append(Diagnostic("ended", message, severity=Severity.WARNING, unit=name))
    watch.well.add(name)
    return None


def _is_loaded(shown: Mapping[str, str]) -> bool:
    return shown.get("LoadState", "loaded") == "loaded"


def _probe(plan: Plan, names: Iterable[str], system: System, manner: Manner) -> list[Diagnostic]:
    """Ask the services themselves, until they answer or the time is over."""
    for name in names:
        words = plan.probes.get(name)
        deadline = system.monotonic() + max(manner.settle, 1.0) * 2
        while words and (wrong := system.probe(words)):
            if system.monotonic() > deadline:
                raise SystemdError(failure(system, name, f"its probe fails: {wrong}"))
            system.sleep(_STEP)
    return []
