"""One call of systemctl, made again for the units that systemd has refused for no fault of their own."""

from collections.abc import Sequence
from contextlib import suppress

from mkunit.errors import Diagnostic, SystemdError
from mkunit.model.plan import IDLE
from mkunit.model.port import System

_LIMIT = "start-limit-hit"


def forgive(system: System, units: Sequence[str]) -> None:
    """Forget how often units were started lately: systemd counts starts that were asked for with those after a crash.

    A service that it refuses to start for that takes its sockets and paths down with it. Newer releases (257 does, 252
    does not) keep count across a daemon-reload.
    """
    if units:
        with suppress(SystemdError):  # a unit that systemd has let go of has nothing to be forgiven
            system.do("reset-failed", units)


def call(system: System, verb: str, units: Sequence[str], *, singly: bool = False) -> None:
    """Do it; where some units have started too often lately, forgive them that and ask again.

    From 262 on systemd refuses a call whole for one of its units: `singly` asks for each of the others then.
    """
    asked = system.monotonic()
    try:
        system.do(verb, units)
    except SystemdError as error:
        left = _left(system, verb, units, asked)
        if limited := [name for name in left if system.details(name).get("Result") == _LIMIT]:
            forgive(system, limited)
            system.do(verb, left)
            states = system.units(units)
            if not any(states.get(name, IDLE).active == "failed" for name in units):
                return
        elif singly and len(units) > 1 and left:
            _each(system, verb, left)
            return
        raise SystemdError(*error.diagnostics) from None


def _left(system: System, verb: str, units: Sequence[str], asked: float) -> list[str]:
    """The units that nothing has happened to since."""
    if verb == "stop":
        states = system.units(units)
        return [name for name in units if states.get(name, IDLE).is_up]
    if verb not in ("start", "restart"):
        return []
    begun = system.started(units)
    return [name for name in units if begun.get(name, 0.0) < asked]


def _each(system: System, verb: str, units: Sequence[str]) -> None:
    """One call for each, in the order in which they would be done; SystemdError for those that fail."""
    wrong: list[Diagnostic] = []
    for name in units:
        try:
            system.do(verb, [name])
        except SystemdError as error:
            wrong += error.diagnostics
    if wrong:
        raise SystemdError(*wrong)
