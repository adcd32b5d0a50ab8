"""Somebody is asked for at an address: whether they answer, how quickly, and who they are."""

import errno
import os
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_LOOKS = 10
_LISTENING = "0A"  # the state in /proc/net/tcp
Address = tuple[str, int] | str


class Answer(NamedTuple):
    """What came of it."""

    milliseconds: float
    where: str
    process: str | None = None
    pid: int | None = None
    unit: str | None = None
    greeting: bytes = b""


def knock(address: Address, timeout: float, wait: float) -> Answer:
    """Connect, and listen a while for a greeting; OSError where nobody answers."""
    start = time.perf_counter()
    with _connected(address, timeout) as talk:
        took = (time.perf_counter() - start) * 1000
        pid = _peer(talk) if talk.family == socket.AF_UNIX else _listener(talk)
        where = address if isinstance(address, str) else _shown(talk.getpeername())
        return Answer(took, where, _name(pid), pid, _unit(pid), _greeting(talk, wait))


def _connected(address: Address, timeout: float) -> socket.socket:
    if not isinstance(address, str):
        return socket.create_connection(address, timeout)
    path = "\0" + address[1:] if address.startswith("@") else address
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        talk = socket.socket(socket.AF_UNIX, kind)
        talk.settimeout(timeout)
        try:
            talk.connect(path)
        except OSError as error:
            talk.close()
            if error.errno != errno.EPROTOTYPE:  # else somebody is there, and wants another kind
                raise
        else:
            return talk
    raise OSError(errno.EPROTOTYPE, "it is a socket of another kind")


def _shown(peer: tuple[str, int]) -> str:
    host, port = peer[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _greeting(talk: socket.socket, wait: float) -> bytes:
    """What the other side says unasked, if it does so soon."""
    if wait <= 0 or talk.type == socket.SOCK_DGRAM:
        return b""
    talk.settimeout(wait)
    with suppress(OSError):
        return talk.recv(512)
    return b""


def _peer(talk: socket.socket) -> int | None:
    """Who made the Unix socket that is listened on (unix(7)); systemd, where it is activated by one."""
    with suppress(OSError, struct.error):
        pid, _, _ = struct.unpack("3i", talk.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return int(pid) or None
    return None


def _listener(talk: socket.socket) -> int | None:
    """The process on this machine that listens on the port; it can only be seen by root and by its own user."""
    host, port = talk.getpeername()[:2]
    if host != talk.getsockname()[0]:
        return None  # another machine's
    if not (owners := dict(_inodes(port))):
        return None
    for _ in range(_LOOKS):
        found = [pid for pid in _pids() if owners.keys() & set(_open(pid))]
        if pid := next((pid for pid in found if pid != 1), found[0] if found else _hidden(owners.values())):
            return pid
        if os.geteuid() not in owners.values():
            return None
        time.sleep(0.05)  # what systemd is about to start cannot be seen yet
    return None


def _hidden(users: Iterable[int]) -> int | None:
    """The only process of this user that may not be looked into, if it may be the listener.

    Newer releases give a user's systemd a capability that its user has not.
    """
    if os.geteuid() == 0 or os.geteuid() not in users:
        return None
    found = [pid for pid in _pids() if _is_hidden(_PROC / str(pid)) and _name(pid) != "(sd-pam)"]
    return found[0] if len(found) == 1 else None


def _is_hidden(process: Path) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        try:
            return process.stat().st_uid == os.geteuid() and not os.readlink(process / "exe")  # noqa: PTH115
        except PermissionError:
            return True
    return False


def _inodes(port: int) -> Iterator[tuple[str, int]]:
    """The listening sockets of a port, and whose they are."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (_PROC / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9], int(fields[7])


def _pids() -> Iterator[int]:
    yield from (int(folder.name) for folder in _PROC.iterdir() if folder.name.isdecimal())


def _open(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for link in (_PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                target = os.readlink(link)  # noqa: PTH115  it is no path
                if target.startswith("socket:["):
                    yield target[8:-1]


def _name(pid: int | None) -> str | None:
    with suppress(OSError):
        return (_PROC / str(pid) / "comm").read_text().strip() if pid else None
    return None


def _unit(pid: int | None) -> str | None:
    """The unit that a process belongs to, by its cgroup."""
    with suppress(OSError):
        path = (_PROC / str(pid) / "cgroup").read_text().strip().rpartition(":")[2] if pid else ""
        parts = [part for part in path.split("/") if part.endswith((".service", ".scope"))]
        return parts[-1] if parts else None
    return None
