"""Which units an apply has dealt with already: a new invocation tells, or, where none is known, the last start."""

from collections.abc import Iterable, Mapping

from mkunit.model.plan import IDLE, Journal, State
from mkunit.model.port import System


def touched(journal: Journal, names: Iterable[str], now: Mapping[str, State], system: System) -> frozenset[str]:
    """Those of some units that were started since the apply came to that; after a reboot, all that were.

    Beyond a number, systemd's list shows the invocations of services only. When another unit was started costs
    milliseconds each to ask, which only the end of an interrupted apply has to wait for.
    """
    found, unknown = set(), []
    for name in names:
        before, there = journal.plan.before.get(name, IDLE), now.get(name, IDLE)
        if there.invocation:
            if before.invocation != there.invocation:
                found.add(name)
        elif there.active != "inactive":  # what is stopped has none
            unknown.append(name)
    since = journal.acted if journal.boot == system.boot() else 0.0
    if since is None or not unknown:
        return frozenset(found)
    return frozenset(found | {name for name, when in system.started(unknown).items() if when > since})
