"""What systemd says of some units when asked by name: their properties, the command of a process, the end of a log."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from mkunit.errors import SystemdError
from mkunit.system.local import SYSTEMCTL, Local

_UNSET = ("", "[not set]", "[no data]", "infinity", str(2**64 - 1))
_DENIED = ("insufficient permissions", "not seeing messages from other users", "Permission denied")
_MICROSECONDS = 1e6


class Shown:
    """The properties of one unit; some have several lines."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]]) -> None:
        self.lines = lines

    def get(self, name: str) -> str:
        """A property, empty where it is not set."""
        return next(iter(self.lines.get(name, ())), "")

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(self.get(name).split())

    def number(self, name: str) -> int | None:
        """A property that counts something; None where systemd does not count that."""
        text = self.get(name)
        return int(text) if text not in _UNSET and text.isdecimal() else None

    def when(self, name: str) -> float | None:
        """A time in seconds since 1970."""
        text = self.get(name)
        return float(text[1:]) if text.startswith("@") and text[1:].replace(".", "").isdecimal() else None

    @property
    def flat(self) -> dict[str, str]:
        """The first line of each."""
        return {name: self.get(name) for name in self.lines}


def shown(machine: Local, names: Sequence[str], properties: Sequence[str]) -> dict[str, Shown]:
    """Units by the name that systemd has for them, in one call; what is not loaded is loaded for it."""
    if not names or not machine.is_running():
        return {}
    asked = ",".join(dict.fromkeys(["Id", *properties]))
    done = machine.run(SYSTEMCTL, "show", "--timestamp=unix", f"--property={asked}", "--", *names)
    found = {}
    for block in done.stdout.split("\n\n"):
        lines: dict[str, tuple[str, ...]] = {}
        for line in block.split("\n"):
            name, equals, value = line.partition("=")
            if equals:
                lines[name] = (*lines.get(name, ()), value)
        if one := next(iter(lines.get("Id", ())), ""):
            found[one] = Shown(lines)
    return found


def command(pid: int) -> str:
    """What a process calls itself; empty where it is gone, or hidden."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


class Line(NamedTuple):
    """A line of the journal."""

    when: float
    who: str
    text: str
    priority: int

    @property
    def time(self) -> datetime:
        return datetime.fromtimestamp(self.when).astimezone()


class Tail(NamedTuple):
    """The last lines about a unit; `denied` where there may be more that one is not allowed to read."""

    lines: tuple[Line, ...] = ()
    denied: bool = False


def tail(scope: str, unit: str, count: int) -> Tail:
    """The last lines of a unit, and of systemd's own about it."""
    fields = "--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER"
    arguments = ("--output=json", fields, "--no-pager", f"--lines={count}", *_about(scope, unit))
    try:
        done = Local("system").run("journalctl", *arguments)
    except SystemdError:  # there is no journal
        return Tail()
    lines = tuple(_lines(done.stdout))
    # One's own units are one's own to read about, whatever journalctl says of others.
    return Tail(lines, scope == "system" and any(words in done.stderr for words in _DENIED))


def _about(scope: str, unit: str) -> list[str]:
    """As `--unit=` has it, and what a process said that systemd had made for the unit and that was gone at once."""
    if scope == "user":
        return [f"--user-unit={unit}"]
    by_root = (f"{field}={unit} _UID=0" for field in ("UNIT", "COREDUMP_UNIT", "OBJECT_SYSTEMD_UNIT"))
    within = [f"_SYSTEMD_SLICE={unit}"] if unit.endswith(".slice") else []
    return " + ".join([f"_SYSTEMD_UNIT={unit}", *within, *by_root]).split()


def _lines(text: str) -> Iterator[Line]:
    for row in text.splitlines():
        entry = json.loads(row)
        message = entry.get("MESSAGE") or ""
        if isinstance(message, list):  # bytes that are no text
            message = bytes(message).decode("utf-8", "replace") if isinstance(message[0], int) else str(message[-1])
        when = int(entry["__REALTIME_TIMESTAMP"]) / _MICROSECONDS
        yield Line(when, str(entry.get("SYSLOG_IDENTIFIER") or ""), message, int(entry.get("PRIORITY") or 6))
