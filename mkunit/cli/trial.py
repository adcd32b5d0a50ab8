"""From a socket and its service to what systemd-socket-activate is told: addresses, environment, command, notes."""

import socket as sockets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mkunit.catalog.values.words import LAX, WordError
from mkunit.cli.expansion import Specifiers, environment_file, variables
from mkunit.errors import Diagnostic, UsageError
from mkunit.model.unit import Entry, Unit
from mkunit.system.files import read

_KINDS = {"ListenStream": "", "ListenDatagram": "--datagram", "ListenSequentialPacket": "--seqpacket"}
_FOLDERS = {
    "RuntimeDirectory": "run", "StateDirectory": "state", "CacheDirectory": "cache", "LogsDirectory": "logs",
    "ConfigurationDirectory": "config",
}  # fmt: skip
_APPLIED = {
    "ExecStart", "Environment", "EnvironmentFile", "PassEnvironment", "WorkingDirectory", "StandardInput", "Type",
    "StandardOutput", "StandardError", *_FOLDERS,
}  # fmt: skip
_FLOOR = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


class Trial(NamedTuple):
    """What is run, where, and what is to be said of it."""

    command: tuple[str, ...]
    folder: str
    addresses: tuple[tuple[str, str], ...]  # as the unit has them, and as they are now
    program: tuple[str, ...]
    notes: tuple[str, ...]


def trial(socket: Unit, service: Unit, place: Path) -> Trial:
    """Everything that can be known beforehand; folders are made in the temporary place."""
    expand = Specifiers(service, place)
    notes: list[str] = []
    kind, addresses = _addresses(socket, place, notes)
    environment = _environment(service, expand, place, notes)
    program = _program(service, expand, environment, notes)
    flags = [_KINDS[kind]] if _KINDS[kind] else []
    if socket.flag("Accept"):
        flags.append("--accept")
    elif name := Specifiers(socket, place)(socket.directive("FileDescriptorName") or socket.name):
        flags.append(f"--fdname={name}")
    if (service.directive("StandardInput") or "") == "socket":
        flags.append("--inetd")
    flags += [f"--listen={now}" for _, now in addresses]
    flags += [f"--setenv={name}={value}" for name, value in environment.items()]
    notes += _ignored(service)
    if expand.unknown:
        notes.append(f"{', '.join(sorted(expand.unknown))} stay as they are: only systemd knows what they stand for")
    command = ("systemd-socket-activate", *flags, "--", *program)
    return Trial(command, _folder(service, expand, place, notes), tuple(addresses), tuple(program), tuple(notes))


def _addresses(socket: Unit, place: Path, notes: list[str]) -> tuple[str, list[tuple[str, str]]]:
    """The addresses of the first kind: systemd-socket-activate has one kind at a time."""
    listens = [entry for entry in socket.entries if entry.section == "Socket" and entry.name.startswith("Listen")]
    listens = [entry for entry in listens if entry.value]
    kind = next((entry.name for entry in listens if entry.name in _KINDS), None)
    if kind is None:
        message = f"`{socket.name}` has no address that systemd-socket-activate could listen on"
        raise UsageError(
            Diagnostic("cannot-try", message, "stream, datagram and sequential-packet sockets can be tried")
        )
    left = [f"{entry.name}={entry.value}" for entry in listens if entry.name != kind]
    if left:
        notes.append(f"left out: {', '.join(left)}, since only one kind of socket can be tried at a time")
    expand = Specifiers(socket, place)
    return kind, [(entry.value, _moved(expand(entry.value), place)) for entry in listens if entry.name == kind]


def _moved(address: str, place: Path) -> str:
    """The address, or another where that one is not for everybody: a path elsewhere, a port that is free."""
    if address.startswith("/"):
        moved = address if place in Path(address).parents else str(place / address.lstrip("/"))
        Path(moved).parent.mkdir(parents=True, exist_ok=True)
        return moved
    host, colon, port = address.rpartition(":")
    if address.startswith(("@", "vsock:")) or not port.isdecimal() or int(port) >= _lowest():
        return address
    return f"{host}{colon}{_free(int(port) + 8000)}"


def _lowest() -> int:
    """The lowest port that anybody may listen on."""
    try:
        return int(_FLOOR.read_text())
    except (OSError, ValueError):
        return 1024


def _free(port: int) -> int:
    """That port, or any other where it is taken."""
    with sockets.socket(sockets.AF_INET6 if sockets.has_ipv6 else sockets.AF_INET) as probe:
        for wanted in (port, 0):
            try:
                probe.bind(("", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return port


def _environment(service: Unit, expand: Specifiers, place: Path, notes: list[str]) -> dict[str, str]:
    """What the unit sets; later lines win over earlier ones, and files over lines (systemd.exec(5))."""
    found: dict[str, str] = {}
    for name, folder in _FOLDERS.items():
        folders = [place / folder / word.partition(":")[0] for word in _words(service, name, expand)]
        for made in folders:
            made.mkdir(parents=True, exist_ok=True)
        if folders:
            found[name.removesuffix("Directory").upper() + "_DIRECTORY"] = ":".join(map(str, folders))
    for word in _words(service, "Environment", expand):
        name, _, value = word.partition("=")
        found[name] = value
    for line in service.values("EnvironmentFile"):
        path = expand(line.removeprefix("-"))
        if (text := read(Path(path))) is not None:
            found |= environment_file(text)
        elif not line.startswith("-"):
            notes.append(f"there is no `{path}`: its variables are missing")
    return found


def _words(service: Unit, name: str, expand: Specifiers) -> Iterator[str]:
    for line in service.values(name):
        try:
            yield from map(expand, LAX.split(line))
        except WordError:
            continue


def _program(service: Unit, expand: Specifiers, environment: dict[str, str], notes: list[str]) -> list[str]:
    """The first command, as systemd would take it apart (systemd.service(5))."""
    lines = service.values("ExecStart")
    if not lines:
        raise UsageError(Diagnostic("cannot-try", f"`{service.name}` runs nothing", "give it an `ExecStart=`"))
    try:
        words = LAX.split(lines[0])
    except WordError:
        words = []
    program = words[0].lstrip("-@:+!") if words else ""
    prefixes = words[0][: len(words[0]) - len(program)] if words else ""
    if not program or program.startswith("|"):
        message = f"`ExecStart={lines[0]}` cannot be tried by hand"
        raise UsageError(Diagnostic("cannot-try", message, "write a plain command line"))
    rest = words[2:] if "@" in prefixes else words[1:]
    if len(lines) > 1 or ";" in rest:
        notes.append("only the first of its commands is run")
        rest = rest[: rest.index(";")] if ";" in rest else rest
    arguments = [expand(word) for word in rest]
    if ":" not in prefixes:
        arguments = [piece for word in arguments for piece in variables(word, environment)]
    return [expand(program), *arguments]


def _folder(service: Unit, expand: Specifiers, place: Path, notes: list[str]) -> str:
    """Where it runs: a folder that is not there would keep systemd from starting it, and is only mentioned here."""
    line = expand(service.directive("WorkingDirectory") or "/").removeprefix("-")
    folder = Path.home() if line == "~" else Path(line)
    if folder.is_dir():
        return str(folder)
    notes.append(f"there is no folder `{folder}`: it runs in a temporary one")
    return str(place)


def _ignored(service: Unit) -> Iterator[str]:
    """What only systemd can do."""
    others: list[Entry] = [e for e in service.entries if e.section == "Service" and e.name not in _APPLIED]
    names = list(dict.fromkeys(f"{entry.name}=" for entry in others))
    if names:
        more = f" and {len(names) - 6} more" if len(names) > 6 else ""
        yield f"it runs as you, without {', '.join(names[:6])}{more}"
