"""What to write instead of what is no calendar expression: cron's five fields, shorthands and plain English."""

import re

from mkunit.catalog.values.asked import meant
from mkunit.catalog.values.timespan import microseconds

SHORT = {"midnight": "daily", "reboot": "", "annually": "yearly"}
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDS = ("minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "semiannually")


def hint(text: str) -> str:
    """An imperative that holds the right expression where it can be told."""
    fields = text.split()
    if len(fields) == 5 and (better := translate(fields)):
        return f"write `{better}`, which is what cron's `{text}` means"
    if text[0] == "@" and text[1:]:
        word = SHORT.get(text[1:].lower(), text[1:].lower())
        return f"write `{word}`" if word in WORDS else "use OnBootSec= for a time after the boot"
    lowered = text.lower().removeprefix("every").strip()
    if lowered in ("day", "hour", "week", "month", "year", "minute"):
        return f"write `{'daily' if lowered == 'day' else lowered + 'ly'}`"
    if microseconds(lowered) is not None and not lowered.isdigit():
        return f"use OnUnitActiveSec={lowered} for a repeated span, or a calendar expression such as `*:0/5`"
    if re.fullmatch(r"[0-9-]+T[0-9:]+Z?", text):
        return f"write `{text.replace('T', ' ').replace('Z', ' UTC')}`"
    if (better := re.sub(r"\*/([0-9]+)", r"0/\1", text)) != text:
        return f"write `{better}`: a step needs a number before it"
    usual = "write `daily`, `Mon 04:00`, `*-*-01 03:30:00` or the like; try it with `systemd-analyze calendar`"
    return meant(text, WORDS, usual) if text.isalpha() else usual


def translate(fields: list[str]) -> str | None:
    """The calendar expression of cron's minute, hour, day, month and weekday."""
    minute, hour, day, month, weekday = fields
    for number, name in enumerate(MONTHS, 1):
        month = re.sub(rf"(?i)\b{name}\b", str(number), month)
    parts = [_field(field, low) for field, low in ((month, 1), (day, 1), (hour, 0), (minute, 0))]
    days = _weekdays(weekday)
    if None in parts or days is None:
        return None
    texts = [part if part is None or not part.isdigit() else f"{int(part):02}" for part in parts]
    return f"{days}*-{texts[0]}-{texts[1]} {texts[2]}:{texts[3]}:00"


def _field(field: str, low: int) -> str | None:
    if field == "*":
        return "*"
    if not re.fullmatch(r"(?:\*|[0-9]+(?:-[0-9]+)?)(?:/[0-9]+)?(?:,(?:\*|[0-9]+(?:-[0-9]+)?)(?:/[0-9]+)?)*", field):
        return None
    return ",".join(part.replace("*", str(low)).replace("-", "..") for part in field.split(","))


def _weekdays(field: str) -> str | None:
    if field == "*":
        return ""
    named = re.sub(r"[0-7]", lambda match: DAYS[int(match[0])], field)
    if not re.fullmatch(r"(?i)(?:mon|tue|wed|thu|fri|sat|sun|[-,])+", named):
        return None
    return named.replace("-", "..") + " "
