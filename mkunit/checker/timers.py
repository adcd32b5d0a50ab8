"""Rules on timers, and on paths that are watched."""

import re
from collections.abc import Iterator

from mkunit.checker import view
from mkunit.checker.lifecycle import kind
from mkunit.checker.view import Seen
from mkunit.checker.wording import found, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
_WORDS = {
    "minutely": MINUTE, "hourly": HOUR, "daily": DAY, "weekly": 7 * DAY, "monthly": 30 * DAY, "quarterly": 91 * DAY,
    "semiannually": 182 * DAY, "yearly": 365 * DAY, "annually": 365 * DAY,
}  # fmt: skip
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-zµ]*)")
_UNITS = {
    **dict.fromkeys(("us", "usec", "µs"), 1e-6), **dict.fromkeys(("ms", "msec"), 1e-3),
    **dict.fromkeys(("", "s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), MINUTE), **dict.fromkeys(("h", "hr", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY), **dict.fromkeys(("w", "week", "weeks"), 7 * DAY),
}  # fmt: skip
_FIRST = ("OnCalendar", "OnBootSec", "OnStartupSec", "OnActiveSec", "OnClockChange", "OnTimezoneChange")
_AGAIN = ("OnUnitActiveSec", "OnUnitInactiveSec")
_LEVEL = ("PathExists", "PathExistsGlob", "DirectoryNotEmpty")


def seconds(text: str) -> float | None:
    """A time span in seconds, None where it is not one of plain units."""
    total, at = 0.0, 0
    while at < len(text):
        match = _SPAN.match(text, at)
        if not match or match[2] not in _UNITS:
            return None
        total += float(match[1]) * _UNITS[match[2]]
        at = match.end()
    return total if text.strip() else None


def period(text: str) -> float | None:
    """The time between two elapses of a calendar expression, roughly; None where it is not easily told.

    >>> period("daily"), period("*-*-* 03:30:00"), period("Mon *-*-* 04:00"), period("*:0/15")
    (86400.0, 86400.0, 604800.0, 900.0)
    """
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    words = [word for word in text.split() if ":" in word or "-" in word or word[:1].isalpha() or "*" in word]
    clock = next((word for word in words if ":" in word), "00:00:00").split(":")
    date = next((word for word in words if "-" in word and word[:1] in "*0123456789"), "*-*-*")
    days = [word for word in words if word[:1].isalpha() and "/" not in word and word != "UTC"]
    for field, size, whole in zip([*clock, "00"][2::-1], (1.0, MINUTE, HOUR), (MINUTE, HOUR, DAY), strict=False):
        if found := _repeats(field, size, whole):
            return found
    if days:
        return None if any(mark in days[0] for mark in ",.") else 7 * DAY
    year, *rest = date.split("-")
    if not year.startswith("*") and not rest:
        return None
    return DAY if date.endswith("*-*") or date == "*-*" else 30 * DAY if date.split("-")[-2] == "*" else 365 * DAY


def _repeats(field: str, size: float, whole: float) -> float | None:
    """How often a field of a clock time elapses within the next larger one, None if once."""
    if field == "*":
        return size
    if "/" in field and (step := field.rpartition("/")[2]).isdecimal() and int(step):
        return size * int(step)
    if "," in field:
        return whole / len(field.split(","))
    return size if ".." in field else None


def _every(seen: Seen) -> float | None:
    """The shortest time between two elapses, as far as it can be told."""
    found = [period(entry.value) for entry in seen.all("OnCalendar")]
    found += [seconds(entry.value) for entry in seen.all(*_AGAIN)]
    known = [one for one in found if one]
    return min(known) if known and len(known) == len(found) else None


def no_persistent(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A machine that is off at that time skips the run."""
    for seen in view.of(graph).having("OnCalendar"):
        every = _every(seen)
        if every and every >= DAY and seen.entry("Persistent") is None and not seen.all("OnBootSec", "OnStartupSec"):
            message = f"a machine that is off at `{seen.all('OnCalendar')[0].value}` misses that run"
            hint = f"set {say(seen, 'Persistent', 'yes')}, or `no` to say so"
            yield found("timer-not-persistent", seen, "OnCalendar", message, hint, "Persistent")


def persistent_alone(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Only times of the calendar can be caught up with."""
    for seen in view.of(graph).having("Persistent"):
        if seen.kind == "timer" and seen.flag("Persistent") and not seen.all("OnCalendar"):
            message = "`Persistent=` has no effect without `OnCalendar=`"
            yield found(
                "persistent-needs-calendar", seen, "Persistent", message, f"leave out {say(seen, 'Persistent')}"
            )


def never_first(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """To count from the last run needs a first one."""
    everything = view.of(graph)
    for seen in everything.having(*_AGAIN):
        if seen.all(*_FIRST) or any(seen.flag(name) for name in _FIRST[4:]) or not seen.all(*_AGAIN):
            continue
        service = everything.starts(seen)
        if service and service.all("WantedBy", "RequiredBy"):
            continue
        entry = seen.all(*_AGAIN)[0]
        message = f"`{entry.name}=` counts from a run of the service, and nothing makes the first one"
        yield found("timer-never-starts", seen, entry, message, f"add {say(seen, 'OnBootSec', '1min')}")


def remains(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A service that stays active is not started again."""
    everything = view.of(graph)
    for seen in everything.of("timer"):
        service = everything.starts(seen)
        if (
            service
            and service.flag("RemainAfterExit")
            and kind(service) == "oneshot"
            and seen.all("OnCalendar", *_AGAIN)
        ):
            message = f"`{service.name}` stays active after its first run, so that `{seen.name}` never runs it again"
            hint = f"leave out {say(service, 'RemainAfterExit')}"
            yield found("timer-runs-once", service, "RemainAfterExit", message, hint)


def delay(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A delay as long as the period runs into the next one."""
    for seen in view.of(graph).having("RandomizedDelaySec"):
        every, late = _every(seen), seconds(seen.get("RandomizedDelaySec"))
        if every and late and late > every and seen.all("OnCalendar"):
            message = f"a delay of up to `{seen.get('RandomizedDelaySec')}` is longer than the time between two runs"
            yield found("delay-beyond-period", seen, "RandomizedDelaySec", message, "shorten it")


def accuracy(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Timers may be late by a minute unless told otherwise."""
    for seen in view.of(graph).of("timer"):
        every, exact = _every(seen), seconds(seen.get("AccuracySec") or "1min")
        if every and exact and every < exact:
            entry = seen.all("OnCalendar", *_AGAIN)[0]
            message = f"`{entry.name}={entry.value}` is finer than what the timer keeps to: it may be {exact:g} s late"
            yield found(
                "timer-too-coarse", seen, entry, message, f"set {say(seen, 'AccuracySec', '1s')}", "AccuracySec"
            )


def wrong_target(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Timers come up through timers.target, and paths through paths.target."""
    for seen in view.of(graph).of("timer", "path"):
        wanted = seen.all("WantedBy", "RequiredBy", "UpheldBy")
        words = {word for entry in wanted for word in entry.value.split()}
        usual = f"{seen.kind}s.target"
        if words and words <= {"multi-user.target", "default.target", "graphical.target", "basic.target"}:
            message = f"`{seen.name}` is installed into `{wanted[0].value}`, not among the other {seen.kind}s"
            yield found("timer-wantedby", seen, wanted[0], message, f"write {say(seen, 'WantedBy', usual)}")


def path_loop(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """What still holds when the service ends starts it again."""
    everything = view.of(graph)
    for seen in everything.having(*_LEVEL):
        service = everything.starts(seen)
        if seen.kind == "path" and service and kind(service) == "oneshot" and (lines := seen.all(*_LEVEL)):
            message = (
                f"as long as `{lines[0].name}=` holds, `{service.name}` is started again, until it is once too often"
            )
            hint = f"let the service take away what it was started for, or watch by {say(seen, 'PathChanged')}"
            yield found("path-retriggers", seen, lines[0], message, hint)
