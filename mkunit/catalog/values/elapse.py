"""Calendar expressions that are right and never come."""

from collections.abc import Iterator
from datetime import date

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost
from mkunit.catalog.values.calendar import DAYS, Spec

LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WARNED = 260  # the systemd that warns of a weekday that the date does not have


def never(asked: Asked, spec: Spec) -> Iterator[Finding]:
    """What is wrong with an expression that no day fulfils."""
    if spec.tail:
        return
    if _too_late(spec):
        yield lost(f"`{asked.text}` never comes", "write a day that the month has, or `~01` for its last")
        return
    fixed = [chain[0][0] for chain in (spec.year, spec.month, spec.day) if len(chain) == 1 and not chain[0][2]]
    if len(fixed) < 3:
        return
    try:
        day = date(*fixed).weekday()
    except ValueError:
        yield lost(f"`{asked.text}` never comes", "write a day that the month has in that year")
        return
    if spec.days and day not in spec.days:
        make = asked.bad if asked.version >= WARNED else lost
        yield make(f"`{asked.text}` never comes: that day is a {DAYS[day].title()}", "leave out the weekday")


def _too_late(spec: Spec) -> bool:
    """Whether no month of the list has the first day of the list."""
    if not spec.month or not spec.day or any(step for _, _, step in spec.month):
        return False
    longest = max(LENGTHS[start - 1] for start, _, _ in spec.month)
    return min(start for start, _, _ in spec.day) > longest
