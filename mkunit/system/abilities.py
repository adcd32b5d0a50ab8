"""What a scope's manager may do: said before anything is touched."""

import grp
import os
import pwd
from pathlib import Path

from mkunit.errors import DeniedError, Diagnostic
from mkunit.model.unit import Entry, Unit
from mkunit.system.local import Local

_THE_SYSTEMS = ("mount", "automount", "swap")  # a user's systemd has no right to them
_PATHS = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO")
_FLOOR = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def check(machine: Local, unit: Unit) -> None:
    """DeniedError with everything that this user, or this user's manager, cannot do for the unit."""
    found: list[Diagnostic] = []
    if not can_write(machine.folder):
        own = "" if unit.kind in _THE_SYSTEMS else ", or without `--system` for a unit of your own"
        hint = f"run it with sudo{own}"
        found.append(Diagnostic("permission", f"`{machine.folder}` is not yours to write in", hint))
    if machine.scope == "user" and os.getuid() != 0 and unit.kind == "socket":
        found += _socket(machine, unit)
    if found:
        raise DeniedError(*found)


def _socket(machine: Local, unit: Unit) -> list[Diagnostic]:
    found = []
    for entry in unit.entries:
        if entry.name in _PATHS and entry.value:
            found += _address(machine, entry)
        elif entry.name == "SocketGroup" and not _in_group(entry.value):
            message = f"your systemd cannot give the socket to the group `{entry.value}`, which you are not in"
            found.append(Diagnostic("permission", message, "use `--system`", directive=entry.name))
        elif entry.name == "SocketUser" and not _is_self(entry.value):
            message = f"your systemd cannot give the socket to the user `{entry.value}`"
            found.append(Diagnostic("permission", message, "use `--system`", directive=entry.name))
    return found


def _address(machine: Local, entry: Entry) -> list[Diagnostic]:
    value = entry.value
    if value.startswith("/") and "%" not in value and not can_write(Path(value).parent):
        name = value.rpartition("/")[2]
        message = f"your systemd cannot make `{value}`: the folder is not yours"
        hint = f"use `--system`, or a path in your runtime directory: `%t/{name}`"
        return [Diagnostic("permission", message, hint, directive=entry.name)]
    port = value.rpartition(":")[2]
    if not value.startswith(("/", "@", "%", "vsock")) and port.isdecimal() and int(port) < _lowest_port():
        message = f"your systemd cannot listen on port {port}: those below {_lowest_port()} are the system's"
        return [Diagnostic("permission", message, "use `--system`, or a higher port", directive=entry.name)]
    return []


def _lowest_port() -> int:
    try:
        return int(_FLOOR.read_text())
    except (OSError, ValueError):
        return 1024


def can_write(folder: Path) -> bool:
    """Whether this user can put something into a folder, making it and its parents where they are missing."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _in_group(name: str) -> bool:
    try:
        number = int(name) if name.isdecimal() else grp.getgrnam(name).gr_gid
    except KeyError:
        return False
    return number in {os.getgid(), *os.getgroups()}


def _is_self(name: str) -> bool:
    try:
        return (int(name) if name.isdecimal() else pwd.getpwnam(name).pw_uid) == os.getuid()
    except KeyError:
        return False
