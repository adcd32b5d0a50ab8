"""The settings that a unit has in the end, each with the place that it comes from, and the defaults that matter."""

from collections.abc import Iterator
from typing import NamedTuple

from mkunit import catalog
from mkunit.model.unit import Entry, Unit

# Of all that a file does not say, what people ask about first.
_MATTERS = {
    "Service": ("Type", "User", "Restart", "TimeoutStopSec", "KillMode"),
    "Socket": ("Accept", "SocketMode", "SocketUser", "MaxConnections"),
    "Timer": ("AccuracySec", "Persistent"),
    "Path": ("MakeDirectory", "DirectoryMode"),
    "Mount": ("Options", "TimeoutSec"),
    "Slice": ("MemoryMax", "CPUWeight"),
}
_UNSAID = {"User": {"system": "root"}, "SocketUser": {"system": "root"}}


class Setting(NamedTuple):
    """A line that holds; without a path, systemd's own default."""

    section: str
    name: str
    value: str
    path: str | None
    line: int | None

    @property
    def place(self) -> str:
        return "" if self.path is None else f"{self.path}:{self.line}" if self.line else self.path


def settings(unit: Unit, lines: Iterator[Entry], fallback: str | None = None) -> Iterator[Setting]:
    """The lines, which hold already, by section; and the defaults of what they do not say."""
    held = list(lines)
    sections = [*dict.fromkeys([*catalog.sections(unit.kind), *(entry.section for entry in held)])]
    for section in sections:
        own = [entry for entry in held if entry.section == section]
        yield from (_said(entry, fallback) for entry in own)
        names = {entry.name for entry in own}
        for name in _MATTERS.get(section, ()):
            if name not in names and (value := _default(section, name, unit)):
                yield Setting(section, name, value, None, None)


def _said(entry: Entry, fallback: str | None) -> Setting:
    path, line = entry.origin or (fallback, 0)
    return Setting(entry.section, entry.name, entry.value, path or "", line or None)


def _default(section: str, name: str, unit: Unit) -> str:
    if (name == "MaxConnections" and not unit.flag("Accept")) or (name == "User" and unit.flag("DynamicUser")):
        return ""
    if name == "User" and unit.flag("DynamicUser"):
        return ""
    if name.startswith("SocketUser") or name == "SocketMode":
        lines = [entry.value for entry in unit.entries if entry.name.startswith("Listen")]
        if not any(value.startswith(("/", "%")) for value in lines):
            return ""
    if name in _UNSAID:
        return _UNSAID[name].get(unit.scope or "system", "")
    row = catalog.lookup(section, name)
    return row.default if row else ""
