"""From verdicts to systemctl calls, in an order in which nothing old is started and nothing is restarted twice."""

from collections.abc import Iterable, Sequence

from attrs import Factory, define

from mkunit.model.plan import Snapshot, Step
from mkunit.planner.table import Verdict

_FIRST = ("socket", "timer", "path", "automount")  # they start others: stopped before, started after what they need
_EARLY = ("socket", "mount")


@define
class Batches:
    """Units by what is done to them."""

    stop: list[str] = Factory(list)
    forget: list[str] = Factory(list)
    early: list[str] = Factory(list)
    restart: list[str] = Factory(list)
    reload: list[str] = Factory(list)
    start: list[str] = Factory(list)
    rolling: list[tuple[int, list[str]]] = Factory(list)


def batches(verdicts: Iterable[tuple[str, Verdict]]) -> Batches:
    """Sort the units; those that are bound again are for `rebind`."""
    found = Batches()
    for name, verdict in verdicts:
        match verdict.action:
            case "stop":
                found.stop.append(name)
                found.forget.append(name)
            case "stop-start":
                found.stop.append(name)
                found.start.append(name)
            case "start" | "pull":
                _start(found, name)
            case "restart":
                found.restart.append(name)
            case "retry":
                found.forget.append(name)
                found.restart.append(name)
            case "reload":
                found.reload.append(name)
            case "forget":
                found.forget.append(name)
    return found


def _start(found: Batches, name: str) -> None:
    (found.early if name.rpartition(".")[2] in _EARLY else found.start).append(name)


def rebind(found: Batches, sockets: Iterable[str], services: Iterable[str], snapshot: Snapshot) -> None:
    """Services stop with all their sockets, the sockets start first: systemd refuses every other order."""
    for name in (*sockets, *services):
        if snapshot.state(name).is_up:
            found.stop.append(name)
    found.early += sockets
    found.start += services


def steps(found: Batches, *, writes: bool) -> tuple[Step, ...]:
    """The calls, in order; one call for all units of a verb, so that systemd merges and orders the jobs."""
    if not writes and not any((found.stop, found.forget, found.early, found.restart, found.reload, found.start)):
        return _rolling(found)
    written = (Step("write"), Step("daemon-reload")) if writes else ()
    rest = (
        ("reset-failed", found.forget), ("start", found.early), ("restart", found.restart), ("reload", found.reload),
        ("start", found.start),
    )  # fmt: skip
    return (
        *_step("stop", _triggers_first(found.stop)),
        *written,
        *(step for verb, units in rest for step in _step(verb, units)),
        *_rolling(found),
    )


def _step(verb: str, units: Sequence[str]) -> tuple[Step, ...]:
    once = tuple(dict.fromkeys(units))
    return (Step(verb, once),) if once else ()


def _triggers_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: name.rpartition(".")[2] not in _FIRST)


def _rolling(found: Batches) -> tuple[Step, ...]:
    """Some instances at a time, each batch healthy before the next."""
    out: list[Step] = []
    for size, names in found.rolling:
        for i in range(0, len(names), size):
            batch = tuple(names[i : i + size])
            out += [Step("restart", batch), Step("settle", batch)]
    return tuple(out)
