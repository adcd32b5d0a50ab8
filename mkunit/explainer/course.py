"""When a unit runs, and what happens when it ends."""

from collections.abc import Iterator
from typing import NamedTuple

from mkunit.model.unit import Unit, standing

_MONOTONIC = {
    "OnActiveSec": "after the timer was started", "OnBootSec": "after the boot",
    "OnStartupSec": "after systemd itself was started", "OnUnitActiveSec": "after the unit was last started",
    "OnUnitInactiveSec": "after the unit last ended",
}  # fmt: skip
_PATHS = {
    "PathExists": "while {} is there", "PathExistsGlob": "while something matches {}",
    "PathChanged": "when {} was written and closed", "PathModified": "when {} is written to",
    "DirectoryNotEmpty": "while there is something in {}",
}  # fmt: skip
_RESTARTS = {
    "always": "whenever it ends", "on-success": "when it ends well",
    "on-failure": "when it fails, by its exit code, a signal or a timeout",
    "on-abnormal": "when a signal, a timeout or its watchdog ends it", "on-watchdog": "when it misses its watchdog",
    "on-abort": "when a signal ends it that it did not handle",
}  # fmt: skip
_TRIGGERS = {*_MONOTONIC, *_PATHS, "OnCalendar"}
_SPAN = "100ms"  # RestartSec=
_BURST, _INTERVAL = "5", "10s"  # StartLimit…=


class Course(NamedTuple):
    """The calendar expressions of a timer, what else starts its unit, and how exact that is."""

    calendar: tuple[str, ...]
    words: tuple[str, ...]


def course(unit: Unit) -> Course:
    """When a timer or a path unit starts something."""
    # They share one list: an empty line of one takes back those of all.
    lines = standing(e for e in unit.entries if e.name in _TRIGGERS and e.section == unit.kind.capitalize())
    calendar = tuple(line.value for line in lines if line.name == "OnCalendar")
    words = [f"{line.value} {_MONOTONIC[line.name]}" for line in lines if line.name in _MONOTONIC]
    words += [_PATHS[line.name].format(line.value) for line in lines if line.name in _PATHS]
    if calendar and unit.flag("Persistent"):
        words.append("a time that was missed is made up for at the next boot (Persistent=)")
    if (delay := unit.directive("RandomizedDelaySec")) and delay not in ("0", "0s"):
        words.append(f"up to {delay} later, by chance (RandomizedDelaySec=)")
    if unit.kind == "timer" and (exact := unit.directive("AccuracySec") or "1min"):
        words.append(f"up to {exact} later, together with other timers (AccuracySec=)")
    return Course(calendar, tuple(words))


def endings(unit: Unit) -> Iterator[str]:
    """What becomes of a service when its process has ended, and of what it leaves behind."""
    if unit.kind != "service":
        return
    restart = unit.directive("Restart") or "no"
    oneshot = unit.directive("Type") == "oneshot"
    if restart in _RESTARTS:
        yield f"started again {_RESTARTS[restart]}, after {unit.directive('RestartSec') or _SPAN} (Restart={restart})"
        interval = unit.directive("StartLimitIntervalSec") or _INTERVAL
        if interval not in ("0", "0s"):
            burst = unit.directive("StartLimitBurst") or _BURST
            yield f"given up, and left failed, after {burst} starts within {interval}"
    elif unit.flag("RemainAfterExit"):
        yield "it counts as running on (RemainAfterExit=yes)"
    else:
        yield "done: that is what it is for (Type=oneshot)" if oneshot else "it stays down (Restart=no)"
    for name, word in (("OnFailure", "fails"), ("OnSuccess", "ends well")):
        if value := unit.directive(name):
            yield f"{value} is started when it {word}"
