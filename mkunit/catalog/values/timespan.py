"""Time spans: `1h 30min`, `infinity`, and the traps between minutes, months and bare seconds."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost
from mkunit.catalog.values.specifiers import expand, opaque

INFINITY = 2**64 - 1
SECOND = 1_000_000
UNITS = {
    "seconds": SECOND,
    "second": SECOND,
    "sec": SECOND,
    "s": SECOND,
    "minutes": 60 * SECOND,
    "minute": 60 * SECOND,
    "min": 60 * SECOND,
    "months": 2629800 * SECOND,
    "month": 2629800 * SECOND,
    "M": 2629800 * SECOND,
    "msec": 1000,
    "ms": 1000,
    "m": 60 * SECOND,
    "hours": 3600 * SECOND,
    "hour": 3600 * SECOND,
    "hr": 3600 * SECOND,
    "h": 3600 * SECOND,
    "days": 86400 * SECOND,
    "day": 86400 * SECOND,
    "d": 86400 * SECOND,
    "weeks": 604800 * SECOND,
    "week": 604800 * SECOND,
    "w": 604800 * SECOND,
    "years": 31557600 * SECOND,
    "year": 31557600 * SECOND,
    "y": 31557600 * SECOND,
    "usec": 1,
    "us": 1,
    "μs": 1,
    "µs": 1,
}
NANO = {"nsec": 1, "ns": 1}
SLIPS = {
    "secs": "s", "mins": "min", "hrs": "h", "hs": "h", "mon": "month", "mons": "months", "msecs": "ms", "usecs": "us",
    "millisecond": "ms", "milliseconds": "ms", "millis": "ms", "microsecond": "us", "microseconds": "us",
    "wk": "w", "wks": "w", "yr": "y", "yrs": "y", "fortnight": "2w",
}  # fmt: skip


@cache
def _item(nano: bool) -> re.Pattern[str]:
    units = "|".join([*UNITS, *NANO] if nano else UNITS)
    return re.compile(rf"[ \t\n\r]*(?:\+?([0-9]+))?(?:\.([0-9]+))?(?:[ \t\n\r]*({units})|(?=[ \t\n\r]|$))")


def items(text: str, nano: bool = False) -> list[tuple[str, str, str]] | None:
    """Whole, fraction and unit of each part of a span; None for what is no span."""
    found: list[tuple[str, str, str]] = []
    pattern, at = _item(nano), 0
    text = text.strip(" \t\n\r")
    while at < len(text):
        match = pattern.match(text, at)
        if not match or not (match[1] or match[2]):
            return None
        found.append((match[1] or "", match[2] or "", match[3] or ""))
        at = match.end()
    return found or None


def microseconds(text: str, unit: int = SECOND) -> int | None:
    """The span in microseconds, where a number without a unit counts as `unit`; None for none or too long."""
    if text.strip(" \t\n\r") == "infinity":
        return INFINITY
    parts = items(text)
    if parts is None:
        return None
    return _total([(whole, part, UNITS.get(name, unit)) for whole, part, name in parts])


def nanoseconds(text: str) -> int | None:
    """The span in nanoseconds, which is also its default unit."""
    if text.strip(" \t\n\r") == "infinity":
        return INFINITY
    parts = items(text, nano=True)
    if parts is None:
        return None
    return _total([(whole, part, UNITS[name] * 1000 if name in UNITS else 1) for whole, part, name in parts])


def _total(parts: list[tuple[str, str, int]]) -> int | None:
    total = 0
    for whole, part, factor in parts:
        if int(whole or 0) >= 2**63 or int(whole or 0) >= INFINITY // factor:
            return None
        total += int(whole or 0) * factor + int(part or 0) * factor // 10 ** len(part)
        if total >= INFINITY:
            return None
    return total


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([A-Za-zµμ]*)\s*,?\s*")


def hint(text: str) -> str:
    """What to write instead of something that is no time span."""
    if text.lower() in ("never", "none", "off", "no", "inf", "infinite", "unlimited", "-1", "infinity"):
        return "write `infinity`"
    clock = text.split(":")
    if len(clock) in (2, 3) and all(part.isdigit() for part in clock):
        return f"write `{' '.join(part + unit for part, unit in zip(clock, ('h', 'min', 's'), strict=False))}`"
    better, at = [], 0
    while match := _loose().match(text, at):
        unit = match[2] if match[2] in UNITS else SLIPS.get(match[2].lower(), match[2].lower())
        if unit and unit not in UNITS:
            break
        better.append(match[1].replace(",", ".") + unit)
        at = match.end()
    if better and at == len(text):
        return f"write `{' '.join(better)}`"
    return "write a time span such as `90s`, `5min` or `1h 30min`"


def check_span(asked: Asked) -> Iterator[Finding]:
    """A time span in seconds, or with units."""
    if microseconds(asked.text) is None:
        yield asked.bad(f"`{asked.text}` is not a time span", hint(asked.text))
    else:
        yield from _traps(asked.text, months=True)


def check_nanoseconds(asked: Asked) -> Iterator[Finding]:
    """A time span in nanoseconds, or with units."""
    if nanoseconds(asked.text) is None:
        yield asked.bad(f"`{asked.text}` is not a time span", hint(asked.text))


def check_timer(asked: Asked) -> Iterator[Finding]:
    """A time span of a timer, in which specifiers are expanded and months are likely."""
    text, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif opaque(asked, asked.text):
        return
    elif microseconds(text) is None:
        yield asked.bad(f"`{asked.text}` is not a time span", hint(text))
    else:
        yield from _traps(text, months=False)


def check_pressure_duration(asked: Asked) -> Iterator[Finding]:
    """A time span of a second or more, and an end."""
    value = microseconds(asked.text)
    if value is None:
        yield asked.bad(f"`{asked.text}` is not a time span", hint(asked.text))
    elif not SECOND <= value < INFINITY:
        yield asked.bad(f"`{asked.text}` is out of range", "write at least `1s`, and no `infinity`")


def _traps(text: str, months: bool) -> Iterator[Finding]:
    parts = items(text) or []
    for (whole, _, unit), (number, part, bare) in pairwise(parts):
        if unit and not bare:
            value = f"{number}.{part}" if part else number
            finer = {"h": "min", "hr": "min", "hour": "min", "hours": "min"}.get(unit, "s")
            yield lost(f"`{value}` after `{whole}{unit}` counts seconds", f"write `{whole}{unit} {value}{finer}`")
    for whole, _, unit in parts if months else ():
        if unit == "M":
            yield lost(f"`{whole}M` is in months", f"write `{whole}min` for minutes or `{whole}month` for months")
