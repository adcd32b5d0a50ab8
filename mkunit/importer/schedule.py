"""Cron's fields to systemd's calendar expressions (crontab(5), systemd.time(7)); text in, text out.

Where both the day of the month and the day of the week are restricted, cron takes days that fit either:
two expressions.
"""

from itertools import pairwise
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_SHORT = {
    "*-*-* *:00:00": "hourly",
    "*-*-* 00:00:00": "daily",
    "*-*-01 00:00:00": "monthly",
    "*-01-01 00:00:00": "yearly",
}
REBOOT = "@reboot"


class Field(NamedTuple):
    """One of the five."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


_FIELDS = (
    Field("minute", 0, 59), Field("hour", 0, 23), Field("day of the month", 1, 31), Field("month", 1, 12, _MONTHS),
    Field("day of the week", 0, 7, _DAYS),
)  # fmt: skip


def calendar(text: str) -> list[str]:
    """The expressions for five fields or a nickname; ValueError says what has no equivalent.

    >>> calendar("30 4 1,15 * fri"), calendar("*/10 * * * *"), calendar("@weekly")
    (['*-*-01,15 04:30:00', 'Fri 04:30'], ['*:0/10'], ['Sun 00:00'])
    """
    fields = _NICKNAMES.get(text.lower(), text).split()
    if text.startswith("@") and len(fields) == 1:
        known = ", ".join((REBOOT, *_NICKNAMES))
        raise ValueError(f"`{text}` is no time of cron's: it knows {known}")
    if len(fields) != len(_FIELDS):
        raise ValueError(f"there are {len(fields)} fields where cron wants five")
    minutes, hours, days, months, weekdays = map(_values, fields, _FIELDS)
    clock = f"{_listed(hours, _FIELDS[1])}:{_listed(minutes, _FIELDS[0])}"
    every_day = len(days) == 31
    month = _listed(months, _FIELDS[3])
    week = sorted({(day + 6) % 7 for day in weekdays})
    by_date = f"*-{month}-{_listed(days, _FIELDS[2])}"
    either = fields[2][0] != "*" and fields[4][0] != "*"
    dates = [("", by_date), (_week(week), f"*-{month}-*")] if either else [(_week(week), by_date)]
    if either and (every_day or len(week) == 7):
        dates = [("", f"*-{month}-*")]
    return [_expression(day, date, clock) for day, date in dates]


def _expression(day: str, date: str, clock: str) -> str:
    whole = f"{date} {clock}:00"
    if not day and whole in _SHORT:
        return _SHORT[whole]
    if date == "*-*-*":
        return f"{day} {clock}".strip()
    return f"{day} {whole}".strip()


def _week(days: list[int]) -> str:
    """The days of the week by name; nothing for all of them."""
    if len(days) == 7:
        return ""
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{_WEEK[days[0]]}..{_WEEK[days[-1]]}"
    return ",".join(_WEEK[day] for day in days)


def _values(text: str, field: Field) -> list[int]:
    """All numbers that a field stands for."""
    found: set[int] = set()
    for part in text.lower().split(","):
        found |= _range(part, field)
    return sorted(found)


def _range(part: str, field: Field) -> set[int]:
    span, slash, step_text = part.partition("/")
    step = _number(step_text, field, Field(field.name, 1, field.most)) if slash else 1
    if span == "*":
        low, high = field.least, 6 if field.most == 7 else field.most
    else:
        first, dash, last = span.partition("-")
        low = _number(first, field, field)
        high = _number(last, field, field) if dash else low
        if slash and not dash:
            raise ValueError(f"`{part}` has a step without a range")
    if low > high:
        raise ValueError(f"`{part}` runs backwards")
    return {value % 7 if field.most == 7 else value for value in range(low, high + 1, step)}


def _number(text: str, field: Field, limits: Field) -> int:
    if text in field.names:
        return field.names.index(text) + (1 if field.least else 0)
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise ValueError(f"`{text}` has no equivalent as a {field.name}")
    value = int(text)
    if not limits.least <= value <= limits.most:
        raise ValueError(f"`{text}` is no {field.name}: it is from {limits.least} to {limits.most}")
    return value


def _listed(values: list[int], field: Field) -> str:
    """Numbers as briefly as systemd reads them: `*`, `0/10`, `9..17`, or one by one."""
    most = 6 if field.most == 7 else field.most
    if len(values) == most - field.least + 1:
        return "*"
    step = values[1] - values[0] if len(values) > 1 else 0
    even = len(values) > 2 and all(b - a == step for a, b in pairwise(values))
    if even and step == 1:
        return f"{values[0]:02}..{values[-1]:02}"
    if even and values[-1] + step > most:
        return f"{values[0]}/{step}"
    return ",".join(f"{value:02}" for value in values)
