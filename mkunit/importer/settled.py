"""A sheet as the builders can make it: each directive once, lists on one line, variables one by one; pure."""

from collections.abc import Sequence

from attrs import evolve

from mkunit.catalog.spec import Many
from mkunit.errors import Origin
from mkunit.importer.effect import Line
from mkunit.importer.sheet import Sheet, moved
from mkunit.importer.values import assignments, mergeable
from mkunit.model.unit import Entry
from mkunit.renderer.source import Remarks


def settled(sheet: Sheet, lines: Sequence[Line]) -> Sheet:
    """The same unit with the lines that count, as few as possible; no comment is lost."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.entry.section, line.entry.name), []).append(line)
    into: dict[Origin | None, Origin | None] = {}
    entries: list[Entry] = []
    done: dict[tuple[str, str], list[Entry]] = {}
    for line in lines:
        key = line.entry.section, line.entry.name
        row = line.row
        if row is None or row.many is not Many.JOIN:
            entries.append(line.entry)
        elif key not in done:
            group = [one.entry for one in groups[key]]
            done[key] = _variables(group) if row.value == "environ" else _joined(group, into)
            entries += done[key]
    remarks = moved(_together(sheet.remarks, into), sheet.unit.entries, entries)
    return sheet._replace(unit=evolve(sheet.unit, entries=tuple(entries)), remarks=remarks)


def _joined(group: list[Entry], into: dict[Origin | None, Origin | None]) -> list[Entry]:
    """The lines of a list as one, behind the empty one that takes back what was there."""
    resets = [entry for entry in group if not entry.value][-1:]
    rest = [entry for entry in group if entry.value]
    if len(rest) < 2 or not mergeable([entry.value for entry in rest]):
        return resets + rest
    into |= {entry.origin: rest[0].origin for entry in rest[1:]}
    return [*resets, rest[0]._replace(value=" ".join(entry.value for entry in rest))]


def _variables(group: list[Entry]) -> list[Entry]:
    """A line for each variable; of one that is set twice, the last."""
    found: dict[str, Entry] = {}
    for entry in group:
        parts = assignments(entry.value) if entry.value else [""]
        if parts is None:
            return group
        for part in parts:
            name = part.removeprefix('"').partition("=")[0]
            found.pop(name, None)
            found[name] = entry._replace(value=part)
    return list(found.values())


def _together(remarks: Remarks, into: dict[Origin | None, Origin | None]) -> Remarks:
    """The comments of lines that have become one."""
    found = dict(remarks.lines)
    for origin, target in into.items():
        if origin != target and (comments := found.pop(origin, ())):
            found[target] = (*found.get(target, ()), *comments)
    return Remarks(remarks.above, found, remarks.below)
