"""Which units belong into one units file: those that start one another, and those of one name; pure."""

import re
from collections.abc import Sequence

from mkunit.importer.sheet import Sheet
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit


def groups(sheets: Sequence[Sheet]) -> list[tuple[str, list[Sheet]]]:
    """The sheets in groups, in the order of the first of each, with a name for the file of each."""
    leaders = list(range(len(sheets)))

    def leader(place: int) -> int:
        while leaders[place] != place:
            leaders[place] = leaders[leaders[place]]
            place = leaders[place]
        return place

    known: dict[tuple[str | None, str], int] = {}
    for place, sheet in enumerate(sheets):
        for key in _keys(sheet.unit):
            other = known.setdefault((sheet.unit.scope, key), place)
            low, high = sorted((leader(place), leader(other)))
            leaders[high] = low
    found: dict[int, list[Sheet]] = {}
    for place, sheet in enumerate(sheets):
        found.setdefault(leader(place), []).append(sheet)
    return _named(list(found.values()))


def _keys(unit: Unit) -> list[str]:
    """What units of one group share: their names without kind and instance, and what each starts."""
    started = None if unit.dropin else triggered(unit)
    names = [unit.name, *([started[0]] if started else [])]
    return [*names, f"{unit.parts.prefix}@"]


def _named(found: list[list[Sheet]]) -> list[tuple[str, list[Sheet]]]:
    taken: set[str] = set()
    result = []
    for group in found:
        first = next((one.unit for one in group if one.unit.kind == "service"), group[0].unit)
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", first.parts.prefix).strip("_-") or "units"
        name = next(name for name in (stem, *(f"{stem}_{i}" for i in range(2, 3 + len(taken)))) if name not in taken)
        taken.add(name)
        result.append((name, group))
    return result
