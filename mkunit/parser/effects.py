"""The effective settings of a unit: which of its lines win, and what takes the others back; pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mkunit.catalog.spec import Directive, Flag, Many
from mkunit.model.unit import Entry
from mkunit.parser.judge import Effect, Judged

# Directives that share one list: an empty line of one takes back those of all.
_SHARED = (
    ("Unit", ("Condition",)),
    ("Unit", ("Assert",)),
    ("Socket", ("Listen",)),
    ("Timer", ("OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnit", "OnCalendar")),
    ("Path", ("Path", "DirectoryNotEmpty")),
)
_PAIRS = (
    ("SetCredential", "SetCredentialEncrypted"),
    ("LoadCredential", "LoadCredentialEncrypted"),
    ("BindPaths", "BindReadOnlyPaths"),
    ("StandardInputText", "StandardInputData"),
)
EMPTY = {
    "CapabilityBoundingSet": "no capability at all",
    "AmbientCapabilities": "no capability at all",
    "Delegate": "delegation, without any controller",
}
_PLAIN = {
    Effect.UNREAD: "not read: the drop-in ends above",
    Effect.SKIPPED: "skipped: it is for other programs",
}


class Row(NamedTuple):
    """A line, whether it is in effect in the end, and what it does."""

    entry: Entry
    wins: bool
    text: str


def effects(judged: Sequence[Judged]) -> tuple[Row, ...]:
    """What each line does to the effective settings."""
    later = list(_later(judged))
    return tuple(_row(line, after) for line, after in zip(judged, later, strict=True))


def _group(line: Judged) -> tuple[str, str]:
    """The list that a line belongs to, by section and a name."""
    section, name = line.entry.section, line.entry.name
    for where, prefixes in _SHARED:
        if section == where and name.startswith(prefixes):
            return section, prefixes[0]
    return section, next((pair[0] for pair in _PAIRS if name in pair), name)


def _first_wins(line: Judged) -> bool:
    return line.entry.name == "Unit" and line.entry.section in ("Timer", "Path")


def _later(judged: Sequence[Judged]) -> Iterable[Entry | None]:
    """For each line that is read, the line that takes it back; None where there is none."""
    taken: dict[tuple[str, str], Entry] = {}
    found: list[Entry | None] = []
    for line in reversed(judged):
        key = _group(line)
        found.append(taken.get(key) if line.is_read else None)
        if line.is_read and line.directive and _takes_back(line.directive, line):
            taken[key] = line.entry
    return _forward(judged, found[::-1])


def _takes_back(row: Directive, line: Judged) -> bool:
    if row.many is Many.SINGLE and not _first_wins(line) and _group(line)[1] == row.name:
        return True
    return not line.entry.value


def _forward(judged: Sequence[Judged], found: list[Entry | None]) -> Iterator[Entry | None]:
    """The same, but for what only the first line of decides."""
    first: dict[tuple[str, str], Entry] = {}
    for line, after in zip(judged, found, strict=True):
        if line.is_read and line.entry.value and _first_wins(line):
            before = first.setdefault(_group(line), line.entry)
            yield before if before is not line.entry else None
        else:
            yield after


def _row(line: Judged, other: Entry | None) -> Row:
    entry, row = line.entry, line.directive
    if line.effect in _PLAIN:
        return Row(entry, False, _PLAIN[line.effect])
    if line.effect is Effect.FATAL:
        return Row(entry, False, f"systemd stops here: {_why(line)}")
    if line.effect is Effect.IGNORED or row is None:
        return Row(entry, False, f"ignored: {_why(line)}")
    if other is not None:
        return Row(entry, False, _taken(line, other))
    if not entry.value:
        return Row(entry, True, _emptied(row))
    text = "set" if row.many is Many.SINGLE else "added"
    return Row(entry, True, f"{text}, in part: {_why(line)}" if line.effect is Effect.PARTLY else text)


def _why(line: Judged) -> str:
    if line.found:
        return line.found[0].message.removeprefix(f"`{line.entry.name}=`: ")
    if line.directive and Flag.NORESET in line.directive.flags:
        return "an empty line does not take back what was added"
    return f"systemd does not know the section [{line.entry.section}] here"


def _taken(line: Judged, other: Entry) -> str:
    place = f"line {other.origin.line}" if other.origin else "another line"
    if other.origin and line.entry.origin and other.origin.path != line.entry.origin.path:
        place = str(other.origin)
    if _first_wins(line):
        return f"without effect: {place} was first"
    return f"taken back by {place}" if not other.value else f"replaced by {place}"


def _emptied(row: Directive) -> str:
    if meaning := EMPTY.get(row.name):
        return f"set to {meaning}"
    return "back to the default" if row.many is Many.SINGLE else "takes back what is above"
