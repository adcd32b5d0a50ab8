"""Units from near, as facts under words: for `mkunit status NAME`."""

import sys
from collections.abc import Iterator, Sequence

from mkunit.cli import standing
from mkunit.cli.ui import Ui
from mkunit.pipeline.closeup import Closeup
from mkunit.reporter import explain as report
from mkunit.reporter import times
from mkunit.reporter.clean import printable
from mkunit.reporter.explain import Fact

_SIZES = ("B", "kB", "MB", "GB", "TB")
_STEP = 1024.0
_GRAVE = 4


def document(one: Closeup) -> dict[str, object]:
    """A unit as JSON has it."""
    return {**standing.document(one.standing), **one.document, "since": times.iso(one.since)}


def show(found: Sequence[Closeup], now: float, ui: Ui) -> None:
    """Each with a line that says how it is, and what there is to know below."""
    for i, one in enumerate(found):
        gap = "\n" if i else ""
        if ui.rich and sys.stdout.isatty():
            from mkunit.reporter import closeup  # rich is slow to import, and only a terminal needs it

            closeup.paint(gap, one.standing.unit, state(one, now), _look(one), facts(one, now), _log(one), ui.color)
        else:
            title = f"{one.standing.unit}: {state(one, now)}"
            ui.data(gap + report.facts(title, [*facts(one, now), Fact("log", tuple(text for text, _ in _log(one)))]))


def state(one: Closeup, now: float) -> str:
    """How it is, and since when."""
    since = f" since {times.whole(one.since)}, {times.far(one.since - now)}" if one.since else ""
    return f"{one.standing.said}{since}"


def _look(one: Closeup) -> str:
    if one.standing.has_failed:
        return "failed"
    return one.standing.active.partition(" ")[0]


def facts(one: Closeup, now: float) -> list[Fact]:
    """What there is to know, but for the log; no word without a value."""
    row = one.standing
    found = [
        Fact("result", (one.result,)),
        Fact("about", (one.description,)),
        Fact("file", (one.path, *_owner(one))),
        Fact("drop-ins", tuple(f"{path}{'' if ours else ', not by mkunit'}" for path, ours in one.dropins)),
        Fact("enabled", (row.enabled,)),
        Fact("drift", (row.drift,)),
        Fact("pending", (row.pending, *["systemd has not read its file since it was changed"] * one.reload)),
        Fact("started by", one.triggered_by),
        Fact("starts", one.triggers),
        Fact("listens", one.listens),
        Fact("connected", tuple(_connections(one))),
        Fact("next run", (f"{times.whole(row.next)}, {times.far(row.next - now)}" if row.next else _never(one),)),
        Fact("last run", (f"{times.whole(row.last)}, {times.far(row.last - now)}" if row.last else "",)),
        Fact("instances", tuple(f"{name}  {active}" for name, active in one.instances)),
        Fact("process", (_process(one),)),
        Fact("uses", (", ".join(_uses(one)),)),
        Fact("says", (one.says,)),
    ]
    kept = ((fact.word, tuple(printable(value) for value in fact.values if value)) for fact in found)
    return [Fact(word, values) for word, values in kept if values]


def _owner(one: Closeup) -> Iterator[str]:
    row = one.standing
    if row.owned:
        source = f", from {row.source}" if row.source else ""
        yield f"by mkunit, {f'project {row.project}' if row.project != 'one-off' else 'from flags'}{source}"
    elif one.path:
        yield "not by mkunit"


def _never(one: Closeup) -> str:
    row = one.standing
    return "none is planned" if row.kind == "timer" and row.active.startswith("active") else ""


def _connections(one: Closeup) -> Iterator[str]:
    if one.connections is not None:
        refused = f", {one.refused} refused" if one.refused else ""
        yield f"{one.connections} now, {one.accepted or 0} accepted{refused}"


def _process(one: Closeup) -> str:
    restarts = f", started again {one.restarts} times" if one.restarts > 1 else ", started again once" * one.restarts
    return f"{one.pid}{f' ({one.command})' if one.command else ''}{restarts}" if one.pid else restarts.lstrip(", ")


def _uses(one: Closeup) -> Iterator[str]:
    if one.tasks:
        yield f"{one.tasks} task{'s' if one.tasks > 1 else ''}"
    if one.memory:
        yield f"{size(one.memory)} of memory"
    if one.cpu:
        yield f"{one.cpu * 1000:.0f} ms of CPU" if one.cpu < 1 else f"{one.cpu:.1f} s of CPU"


def size(number: float) -> str:
    """An amount of memory in a unit that suits it.

    >>> size(300), size(1536 * 1024)
    ('300 B', '1.5 MB')
    """
    for word in _SIZES:
        if number < _STEP or word == _SIZES[-1]:
            break
        number /= _STEP
    return f"{number:.0f} {word}" if word == "B" else f"{number:.1f} {word}"


def _log(one: Closeup) -> list[tuple[str, str]]:
    """The lines of the log with the time before them, and how they look."""
    lines = []
    day = None
    for line in one.log.lines:
        if (day is not None and line.time.date() != day) or day is None:
            day = line.time.date()
            lines.append((f"{day:%Y-%m-%d}", "dim"))
        who = f"{line.who}: " if line.who else ""
        style = "red" if line.priority < _GRAVE else "yellow" if line.priority == _GRAVE else ""
        lines.append((printable(f"{line.time:%H:%M:%S} {who}{line.text}"), style))
    if one.log.denied:
        why = "there may be more: only root and the group systemd-journal may read it"
        lines.append((why, "dim"))
    return lines
