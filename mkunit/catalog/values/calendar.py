"""Calendar expressions: weekdays, dates and times with lists, ranges and steps; what `OnCalendar=` takes."""

import re
from collections.abc import Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked
from mkunit.catalog.values.specifiers import expand, opaque

SHORTHANDS = frozenset((
    "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annually", "anually", "semiannually",
    "semi-annually", "biannually", "bi-annually",
))  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BOUNDS = {"year": (1970, 2199), "month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59)}
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

LAST = 7258118399  # the last second of the year 2199

Item = tuple[int, int | None, int]  # start, stop, step; in microseconds for seconds
Chain = tuple[Item, ...]  # nothing in it is `*`


class CalendarError(ValueError):
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
def _number() -> re.Pattern[str]:
    return re.compile(r"([0-9]+)(?:\.([0-9]+))?")


@cache
def _zone() -> re.Pattern[str]:
    """Names of the zone database, and what may be an abbreviation of the machine's own zone."""
    regions = (
        "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific"
    )
    alone = (
        "Cuba|Egypt|Eire|Factory|GB-Eire|GMT[+-]?0|Greenwich|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya"
    )
    rest = "NZ-CHAT|Navajo|Poland|Portugal|Singapore|Turkey|Universal|W-SU|Zulu|GB|NZ|[A-Z]{3}[0-9][A-Z]{3}|[A-Z]{3,5}"
    return re.compile(rf"(?:{regions}|US)(?:/[A-Z][A-Za-z0-9+_-]*)+|{alone}|{rest}")


def parse(text: str) -> Spec | None:
    """The expression in parts, or nothing for a shorthand; raises `CalendarError`."""
    body, zone = _split_zone(text)
    if body.lower() in SHORTHANDS:
        return None
    spec = Spec()
    spec.zone = zone
    at = _weekdays(body, spec)
    if body[at : at + 1] == "@":
        if not (body[at + 1 :].isascii() and body[at + 1 :].isdigit()) or int(body[at + 1 :]) > LAST:
            raise CalendarError
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
    """Take lists and ranges of weekdays off the text, and say where the rest begins."""
    at = 0
    since: int | None = None
    while found := _weekday().match(text, at):
        day = DAYS.index(next(name for name in DAYS if name[:3] == found[1].lower()))
        if since is not None and (since > day or found[2] not in (",", "", " ")):
            raise CalendarError
        spec.days.update(range(day if since is None else since, day + 1))
        since = day if found[2] in ("-", "..") else None
        at = found.end()
        if found[2] == " " or text[at : at + 1] in ("", " "):
            if since is not None:
                raise CalendarError
            return _skip(text, at)
    if at:
        raise CalendarError
    return 0


@cache
def _weekday() -> re.Pattern[str]:
    names = "Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?"
    return re.compile(rf"(?i)(?=({'|'.join(name[:3] for name in DAYS)}))(?:{names})(\.\.|-|,| |$)")


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


def _value(text: str, at: int, second: bool) -> tuple[int, int]:
    match = _number().match(text, at)
    if not match:
        raise CalendarError
    value, end = int(match[1]), match.end()
    if not second:
        end = match.end(1)
    else:
        part = match[2] or ""
        value = value * 1_000_000 + int((part + "0000000")[:6]) + (part[6:7] >= "5")
    if value > 2**31 - 1:
        raise CalendarError
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
                raise CalendarError
        elif second and stop is not None and start + step > stop:
            raise CalendarError
        items.append((start, stop, step))
        mark = text[at : at + 1]
        if mark not in ("", " ", ",", "-", "~", ":") or len(items) > 241:
            raise CalendarError
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
            raise CalendarError
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
        raise CalendarError
    spec.minute, at = _chain(text, at + 1)
    if at < len(text):
        if text[at] != ":":
            raise CalendarError
        spec.second, at = _chain(text, at + 1, second=True)
    if at < len(text):
        raise CalendarError


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
            raise CalendarError
        if stop is not None:
            if start + step > stop:
                raise CalendarError
        elif start - step < low if tail else start + step > high:
            raise CalendarError


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
    except CalendarError:
        from mkunit.catalog.values.cron import hint  # wanted only where something is wrong

        yield asked.bad(f"`{asked.text}` is not a calendar expression", hint(text))
        return
    if spec is not None:
        from mkunit.catalog.values.elapse import never

        yield from never(asked, spec)
