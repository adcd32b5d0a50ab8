"""Time spans as systemd writes them (systemd.time(7))."""

from datetime import timedelta

from mkunit.dsl.spell import UnspellableError

_MICROSECOND = timedelta(microseconds=1)
_UNITS = {"d": 86_400_000_000, "h": 3_600_000_000, "min": 60_000_000, "s": 1_000_000, "ms": 1000, "us": 1}


def time_span(value: timedelta) -> str:
    """The text of a timedelta, exact to the microsecond.

    >>> time_span(timedelta(minutes=90, milliseconds=5))
    '1h 30min 5ms'
    """
    rest = value // _MICROSECOND
    if rest < 0:
        raise UnspellableError("bad-value", "is a negative time span", "give a positive one")
    found = []
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            found.append(f"{count}{unit}")
    return " ".join(found) or "0"
