"""Calendar expressions: weekdays, dates and times with lists, ranges and steps, as `systemd-analyze calendar` takes them."""

from collections.abc import Iterator
from functools import cache
from re import Pattern, compile

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost
from mkunit.catalog.values.specifiers import expand, opaque

SHORTHANDS = frozenset((
    "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annually", "anually", "semiannually",
    "semi-annually", "biannually", "bi-annually",
))  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BOUNDS = {"year": (1970, 2199), "month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59)}
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Item = tuple[int, int | None, int]  # start, stop, step; in microseconds for seconds
Chain = tuple[Item, ...]  # nothing in it is `*`


class Bad(ValueError):
    """Not a calendar expression."""


class Spec:
    """The parts of an expression, each a chain of items."""

    __slots__ = ("day", "days", "hour", "minute", "month", "second", "tail", "year", "zone")

    def __init__(self) -> None:
        self.days: set[int] = set()
        self.year: Chain = ()
        self.month: Chain = ()
        self.day: Chain = ()
        self.tail = False  # days count from the end of the month
        self.hour: Chain = ((0, None, 0),)
        self.minute: Chain = ((0, None, 0),)
        self.second: Chain = ((0, None, 0),)
        self.zone: str | None = None


@cache
def _number() -> Pattern[str]:
    return compile(r"([0-9]+)(?:\.([0-9]+))?")


@cache
def _zone() -> Pattern[str]:
    """Names of the zone database, and what may be an abbreviation of the machine's own zone."""
    regions = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US"
    alone = "Cuba|Egypt|Eire|Factory|GB-Eire|GMT[+-]?0|Greenwich|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya"
    rest = "NZ-CHAT|Navajo|Poland|Portugal|Singapore|Turkey|Universal|W-SU|Zulu|[A-Z]{3}[0-9][A-Z]{3}|[A-Z]{2,5}"
    return compile(rf"(?:{regions})(?:/[A-Z][A-Za-z0-9+_-]*)+|{alone}|{rest}")


def parse(text: str) -> Spec | None:
    """The expression in parts, or nothing for a shorthand; raises `Bad`."""
    body, zone = _split_zone(text)
    if body.lower() in SHORTHANDS:
        return None
    spec = Spec()
    spec.zone = zone
    at = _weekdays(body, spec)
    if body[at : at + 1] == "@":
        if not body[at + 1 :].isdigit():
            raise Bad
        return None
    at = _date(body, at, spec)
    _time(body, at, spec)
    _validate(spec)
    return spec


def _split_zone(text: str) -> tuple[str, str | None]:
    body, blank, last = text.rpartition(" ")
    if blank and last.lower() == "utc":
        return body, "UTC"
    if blank and _zone().fullmatch(last) and last[:3].lower() not in {day[:3] for day in DAYS}:
        return body, last
    return text, None


def _weekdays(text: str, spec: Spec) -> int:
    at, since, first = 0, None, True
    while True:
        folded = text[at:].lower()
        day = next((n for n, name in enumerate(DAYS) if folded.startswith(name[:3])), None)
        if day is None:
            if first:
                return 0
            raise Bad
        at += len(DAYS[day]) if folded.startswith(DAYS[day]) else 3
        mark = text[at : at + 1]
        if mark not in ("", "-", ".", ",", " ") or (since is not None and since > day):
            raise Bad
        spec.days.update(range(day if since is None else since, day + 1))
        if mark in ("", " "):
            return _skip(text, at)
        if mark in ".-":
            if since is not None or (mark == "." and text[at : at + 2] != ".."):
                raise Bad
            since = day
            at += 2 if mark == "." else 1
        else:
            since = None
            at += 1
        if text[at : at + 1] in ("", " "):
            if since is not None:
                raise Bad
            return _skip(text, at)
        first = False


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


def _value(text: str, at: int, second: bool) -> tuple[int, int]:
    match = _number().match(text, at)
    if not match:
        raise Bad
    value, end = int(match[1]), match.end()
    if not second:
        end = match.end(1)
    else:
        part = match[2] or ""
        value = value * 1_000_000 + int((part + "0000000")[:6]) + (part[6:7] >= "5")
    if value > 2**31 - 1:
        raise Bad
    return value, end


def _chain(text: str, at: int, second: bool = False) -> tuple[Chain, int]:
    if text[at : at + 1] == "*":
        return (((0, None, 1_000_000),) if second else ()), at + 1
    items: list[Item] = []
    while True:
        start, at = _value(text, at, second)
        stop, step = None, 0
        if text.startswith("..", at):
            stop, at = _value(text, at + 2, second)
            step = 1_000_000 if second else 1
        if text[at : at + 1] == "/":
            step, at = _value(text, at + 1, second)
            if not step:
                raise Bad
        elif second and stop is not None and start + step > stop:
            raise Bad
        items.append((start, stop, step))
        mark = text[at : at + 1]
        if mark not in ("", " ", ",", "-", "~", ":") or len(items) > 241:
            raise Bad
        if mark != ",":
            return tuple(items), at
        at += 1


def _date(text: str, start: int, spec: Spec) -> int:
    if start == len(text):
        return start
    chains: list[Chain] = []
    at = start
    while True:
        chain, at = _chain(text, at)
        chains.append(chain)
        mark = text[at : at + 1]
        if len(chains) == 1 and mark in ("", ":"):
            return start
        if mark in ("", " ") and len(chains) > 1:
            break
        if mark not in ("-", "~") or spec.tail or len(chains) == 3:
            raise Bad
        spec.tail = mark == "~"
        at += 1
    if len(chains) == 3:
        spec.year = tuple((_full(a), b if b is None else _full(b), step) for a, b, step in chains.pop(0))
    spec.month, spec.day = chains
    return _skip(text, at)


def _full(year: int) -> int:
    return year + 2000 if 0 <= year < 70 else year + 1900 if 70 <= year < 100 else year


def _time(text: str, at: int, spec: Spec) -> None:
    if at == len(text):
        return
    spec.hour, at = _chain(text, at)
    if text[at : at + 1] != ":":
        raise Bad
    spec.minute, at = _chain(text, at + 1)
    if at < len(text):
        if text[at] != ":":
            raise Bad
        spec.second, at = _chain(text, at + 1, second=True)
    if at < len(text):
        raise Bad


def _validate(spec: Spec) -> None:
    spec.tail = spec.tail and bool(spec.day)
    for name, (low, high) in BOUNDS.items():
        _bounds(getattr(spec, name), low, high, spec.tail and name == "day")
    _bounds(spec.second, 0, 60 * 1_000_000 - 1, tail=False)


def _bounds(chain: Chain, low: int, high: int, tail: bool) -> None:
    """Each item within the range, and its step within its own; each day from the end takes three from the range."""
    for start, stop, step in sorted((_normal(item) for item in chain), key=lambda item: item[0]):
        high -= 3 if tail else 0
        if not low <= start <= high or step > high - low or (stop is not None and not low <= stop <= high):
            raise Bad
        if stop is not None:
            if start + step > stop:
                raise Bad
        elif start - step < low if tail else start + step > high:
            raise Bad


def _normal(item: Item) -> Item:
    start, stop, step = item
    if stop is not None and stop > start and step:
        stop -= (stop - start) % step
    if stop is not None and (start == stop or (stop > start and step and start + step > stop)):
        return start, None, 0
    return start, stop, step


def check_calendar(asked: Asked) -> Iterator[Finding]:
    """A moment that comes again and again."""
    text, wrong = expand(asked, asked.text)
    if wrong:
        yield wrong
        return
    if opaque(asked, asked.text):
        return
    try:
        spec = parse(text)
    except Bad:
        from mkunit.catalog.values.cron import hint  # wanted only where something is wrong

        yield asked.bad(f"`{asked.text}` is not a calendar expression", hint(text))
        return
    if spec is not None:
        yield from _never(asked, spec)


def _never(asked: Asked, spec: Spec) -> Iterator[Finding]:
    """Expressions that no day fulfils."""
    fixed = [chain[0][0] for chain in (spec.year, spec.month, spec.day) if len(chain) == 1 and not chain[0][2]]
    if not spec.tail and spec.month and spec.day:
        months = [month for start, stop, _ in spec.month for month in range(start, (stop or start) + 1)]
        if all(item[2] == 0 for item in spec.month) and min(item[0] for item in spec.day) > max(LENGTHS[month - 1] for month in months):
            yield lost(f"`{asked.text}` never comes", "write a day that the month has, or `~01` for its last")
            return
    if spec.days and len(fixed) == 3 and not spec.tail:
        from datetime import date  # wanted for fixed dates only

        try:
            day = date(*fixed).weekday()
        except ValueError:
            yield lost(f"`{asked.text}` never comes", "write a day that the month has in that year")
            return
        if day not in spec.days:
            make = asked.bad if asked.version >= 260 else lost
            yield make(f"`{asked.text}` never comes: that day is a {DAYS[day].title()}", "leave out the weekday")
