"""Times as a person reads them: the hour today, the day within a week, the date else, and how far it is."""

from datetime import datetime

_UNITS = ((86400 * 365, "years"), (86400 * 30, "months"), (86400, "days"), (3600, "h"), (60, "min"), (1, "s"))
_WEEK = 6 * 86400


def far(seconds: float) -> str:
    """How far a time is: ahead where it is positive.

    >>> far(3 * 3600 + 1), far(-90), far(0.2), far(86400)
    ('in 3 h', '90 s ago', 'now', 'in 24 h')
    """
    amount = abs(seconds)
    if amount < 1:
        return "now"
    # Two of a unit are said in it; one alone says too little.
    size, word = next(((size, word) for size, word in _UNITS if amount >= 2 * size), (1, "s"))
    text = f"{amount // size:.0f} {word}"
    return f"in {text}" if seconds > 0 else f"{text} ago"


def stamp(when: float, now: float) -> str:
    """A time in this machine's zone, as short as it can be told from others."""
    then, today = (datetime.fromtimestamp(one).astimezone() for one in (when, now))
    if then.date() == today.date():
        return f"{then:%H:%M}"
    return f"{then:%a %H:%M}" if abs(when - now) < _WEEK else f"{then:%Y-%m-%d %H:%M}"


def whole(when: float) -> str:
    """A time in full, with its zone."""
    return f"{datetime.fromtimestamp(when).astimezone():%a %Y-%m-%d %H:%M:%S %Z}"


def iso(when: float | None) -> str | None:
    """A time for programs, None where there is none."""
    return None if when is None else datetime.fromtimestamp(when).astimezone().isoformat(timespec="seconds")
