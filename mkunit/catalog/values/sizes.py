"""Sizes, percentages and limits: bytes with the suffixes that systemd knows, shares of a whole, resource limits."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values import numbers
from mkunit.catalog.values.asked import Asked, lost
from mkunit.catalog.values.timespan import INFINITY, microseconds
from mkunit.catalog.values.timespan import hint as span_hint
from mkunit.catalog.values.words import COLONS

SUFFIXES = "EPTGMKB"
MOST = 2**64 - 1
SIZED = 262  # the systemd that takes sizes where a number of bytes was wanted
SUSPECT = 65536  # a limit of memory below this, without a suffix, was hardly meant in bytes


@cache
def _item() -> re.Pattern[str]:
    return re.compile(r"[ \t\n\r]*\+?([0-9]+)(?:\.([0-9]*))?[ \t\n\r]*([EPTGMKB]?)")


def size(text: str, base: int = 1024) -> int | None:
    """Bytes: numbers with falling suffixes, added up; None for what is no size or too large."""
    total, at, last = 0, 0, -1
    while True:
        match = _item().match(text, at)
        if not match:
            return None
        place = SUFFIXES.index(match[3]) if match[3] else len(SUFFIXES)
        if place <= last:
            return None
        factor: int = base ** max(0, 6 - place)
        total += int(match[1]) * factor + int(float("0." + (match[2] or "0")) * factor)
        if total > MOST:
            return None
        at, last = match.end(), place
        if at == len(text):
            return total


def hint(text: str) -> str:
    """What to write instead of something that is no size."""
    short = re.sub(r"(?i)^([0-9]+(?:\.[0-9]+)?) *([kmgtpe])i?b?(?:ytes?)?$", lambda m: m[1] + m[2].upper(), text)
    if short != text:
        return f"write `{short}`; the suffixes are K, M, G, T, P and E, to the base of 1024"
    if text.lower() in ("max", "unlimited", "none", "off", "-1"):
        return "write `infinity`"
    plain = text.replace("_", "").replace(",", "")
    return f"write `{plain}`" if plain.isdigit() else "write a size such as `512M` or `1.5G`"


def bare(text: str, value: int, below: int = SUSPECT) -> Iterator[Finding]:
    """A small number without a suffix, which means bytes."""
    if text.isdigit() and 0 < value < below:
        yield lost(f"`{text}` means {value} bytes", f"write `{text}M` for mebibytes or `{text}B` for bytes")


def check_size(asked: Asked) -> Iterator[Finding]:
    """Bytes, with nothing special."""
    value = size(asked.text)
    if value is None:
        yield asked.bad(f"`{asked.text}` is not a size", hint(asked.text))
    else:
        yield from bare(asked.text, value, 1024)


def check_size_long(asked: Asked) -> Iterator[Finding]:
    """Bytes, which were a plain number before systemd 262."""
    value = size(asked.text)
    if asked.version < SIZED and numbers.integer(asked.text) is None and value is not None:
        if finding := asked.newer(asked.text, SIZED):
            yield finding
    elif asked.version < SIZED:
        yield from numbers.check_integer(asked)
    elif value is None or value >= 2**63:
        yield asked.bad(f"`{asked.text}` is not a size", hint(asked.text))


def permyriad(text: str) -> int | None:
    """Hundredths of a percent, from `%`, `‰` or `‱`; None for what is none of them."""
    for sign, scale in (("‱", 0), ("‰", 1), ("%", 2)):
        if text.endswith(sign):
            whole, dot, part = text[:-1].partition(".")
            if dot and not (part.isascii() and part.isdigit() and len(part) <= scale):
                return None
            value = numbers.integer(whole)
            if value is None or value < 0 or value * 10**scale >= 2**31:
                return None
            whole_part: int = value * 10**scale
            return whole_part + int((part or "0").ljust(scale, "0") or 0)
    return None


def percent_hint(text: str) -> str:
    """What to write instead of something that is no percentage."""
    plain = text.rstrip("%").strip().replace(",", ".")
    if plain.replace(".", "", 1).isdigit():
        return f"write `{plain}%`"
    return "write a percentage such as `50%`"


def check_cpu_quota(asked: Asked) -> Iterator[Finding]:
    """A percentage of one processor, which may be more than 100."""
    share = permyriad(asked.text)
    if share is None:
        yield asked.bad(f"`{asked.text}` is not a percentage", percent_hint(asked.text))
    elif share == 0:
        yield asked.bad("a quota of nothing is refused", "write at least `1%`, or nothing for no quota")


def check_percent(asked: Asked) -> Iterator[Finding]:
    """A percentage up to 100."""
    share = permyriad(asked.text)
    if share is None:
        yield asked.bad(f"`{asked.text}` is not a percentage", percent_hint(asked.text))
    elif share > 10000:
        yield asked.bad(f"`{asked.text}` is more than everything", "write at most `100%`")


ZERO_SINCE = {"DefaultStartupMemoryLow": 9999, "StartupMemoryLow": 254}


def check_memory(asked: Asked) -> Iterator[Finding]:
    """A size, a percentage of the machine's memory, or `infinity`."""
    text, zero = asked.text, asked.type == "memory_limit_zero"
    if text == "infinity":
        return
    share = permyriad(text)
    value = size(text) if share is None or share > 10000 else share
    if value is None:
        hints = percent_hint(text) if text.endswith("%") and share is None else hint(text)
        yield asked.bad(f"`{text}` is not an amount of memory", "write at most `100%`" if share else hints)
    elif value >= MOST:
        yield asked.bad(f"`{text}` is out of range", "write `infinity`")
    elif value == 0 and not (zero and asked.version >= ZERO_SINCE.get(asked.directive.name, 0)):
        yield asked.bad("a limit of 0 is refused", "write a size, or `infinity`")
    elif share is None:
        yield from bare(text, value)


def check_tasks(asked: Asked) -> Iterator[Finding]:
    """A number of tasks, a percentage of the system's, or `infinity`."""
    text = asked.text
    share = permyriad(text)
    if text == "infinity":
        return
    if share == 0:
        yield lost(f"`{text}` allows no task at all", "write at least `1`, or `infinity`")
    elif share is None or share > 10000:
        value = numbers.integer(text)
        if value is None:
            yield asked.bad(f"`{text}` is not a number of tasks", "write a number, a percentage or `infinity`")
        elif not 0 < value < MOST:
            yield asked.bad(f"`{text}` is out of range", "write at least `1`, or `infinity`")
        else:
            yield from numbers.octal(text, value)


def check_quota(asked: Asked) -> Iterator[Finding]:
    """A size, a percentage, or `off`."""
    share = permyriad(asked.text)
    if asked.text != "off" and (share is None or share > 10000) and size(asked.text) is None:
        yield asked.bad(f"`{asked.text}` is not a quota", "write a size, a percentage or `off`")


def _limit_number(text: str) -> int | None:
    value = numbers.integer(text)
    return value if value is not None and 0 <= value < MOST else None


def _limit_nice(text: str) -> int | None:
    value = numbers.integer(text[1:] if text[:1] in "+-" else text)
    if value is None or value < 0 or value >= {"+": 20, "-": 21}.get(text[0], 41):
        return None
    return {"+": 20 - value, "-": 20 + value}.get(text[0], value)


LIMITS: dict[str, Callable[[str], int | None]] = {
    "rlimit_size": size,
    "rlimit_number": _limit_number,
    "rlimit_nice": _limit_nice,
    "rlimit_sec": microseconds,
    "rlimit_usec": lambda text: microseconds(text, 1),
}


def check_limit(asked: Asked) -> Iterator[Finding]:
    """`VALUE` or `SOFT:HARD`, in the unit of the limit."""
    parts = COLONS.split(asked.text) if asked.text[-1] != "\\" else [asked.text]
    if len(parts) == 3 and not parts[2]:
        del parts[2]
    values = [_one_limit(asked.type, part) for part in parts]
    if len(parts) > 2 or None in values:
        wrong = next((part for part, value in zip(parts, values, strict=True) if value is None), asked.text)
        yield asked.bad(f"`{wrong}` is not a limit", _limit_hint(asked.type, wrong))
        return
    numeric = [value for value in values if value is not None]
    if numeric[0] > numeric[-1]:
        yield asked.bad(f"the soft limit `{parts[0]}` is above the hard limit", f"write `{parts[1]}:{parts[0]}`")
    elif asked.type == "rlimit_size":
        for part, value in zip(parts, numeric, strict=True):
            yield from bare(part, value, 4096)
    elif asked.type == "rlimit_number":
        for part, value in zip(parts, numeric, strict=True):
            yield from numbers.octal(part, value) if part != "infinity" else ()


def _one_limit(kind: str, text: str) -> int | None:
    if text == "infinity" and kind != "rlimit_nice":
        return INFINITY
    value = LIMITS[kind](text) if text else None
    return value if value is None or value < MOST or kind in ("rlimit_sec", "rlimit_usec") else None


def _limit_hint(kind: str, text: str) -> str:
    if text.lower() in ("unlimited", "max", "-1", "none", "inf"):
        return "write `infinity`"
    if not text:
        return "write `SOFT:HARD` with both, or one value for both"
    if kind == "rlimit_size":
        return hint(text)
    if kind == "rlimit_nice":
        return "write `+19` to `-20`, or a raw limit from 0 to 40"
    return numbers.integer_hint(text) if kind == "rlimit_number" else span_hint(text)
