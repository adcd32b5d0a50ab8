"""Tables that fit: columns that say nothing are left out, and where there is no room others are cut or dropped."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_GAP = 3  # between two columns: rich puts a blank beside each, and one for the rule that is not drawn


class Column(NamedTuple):
    """A heading, a cell for each row, and what may stand there where room is scarce."""

    heading: str
    cells: tuple[str, ...]
    short: tuple[str, ...] | None = None  # shorter cells; None where there are none
    droppable: bool = False
    styles: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return max(map(cells_of, (self.heading, *self.cells)))


def cells_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def fit(columns: Iterable[Column], order: Sequence[str], room: int) -> list[Column]:
    """The columns for so much room; those named first in the order give way first, and each is shortened at first.

    >>> wide = Column("state", ("active (running)",), ("running",), droppable=True)
    >>> [c.cells for c in fit([Column("unit", ("a.service",)), wide, Column("next", ("",))], ["state"], 20)]
    [('a.service',), ('running',)]
    """
    found = [one for one in columns if any(one.cells)]
    for shrink in (True, False):
        for heading in order:
            if _total(found) <= room:
                return found
            found = [step for one in found for step in (_less(one, shrink) if one.heading == heading else (one,))]
    return found


def _less(one: Column, shrink: bool) -> tuple[Column, ...]:
    if shrink:
        return (one._replace(cells=one.short) if one.short else one,)
    return () if one.droppable else (one,)


def _total(columns: Sequence[Column]) -> int:
    return sum(one.width for one in columns) + _GAP * (len(columns) - 1)
