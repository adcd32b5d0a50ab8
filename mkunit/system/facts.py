"""Facts of this machine, gathered for rules that ask for them; it only reads."""

import grp
import os
import pwd
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from mkunit.model.facts import Facts, File
from mkunit.model.unit import SCOPES
from mkunit.system.local import Local

_FLOOR = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
_LISTENS = "0A"
_VENDOR = ("/usr/lib/", "/lib/", "/usr/local/lib/", "/usr/share/")
_TABLES = (("tcp", "tcp"), ("tcp", "tcp6"), ("udp", "udp"), ("udp", "udp6"))


def gather(paths: Iterable[str]) -> Facts:
    """What the rules want to know of this machine, the given paths among it."""
    vendors = {scope: dict(_units(scope, vendor=True)) for scope in SCOPES}
    return Facts(
        frozenset(entry.pw_name for entry in pwd.getpwall()),
        frozenset(entry.gr_name for entry in grp.getgrall()),
        {path: _file(Path(path)) for path in paths},
        frozenset(_ports()),
        {scope: frozenset(name for name, _ in _units(scope, vendor=False)) for scope in SCOPES},
        vendors,
        _lowest_port(),
        os.getuid() == 0 or Path("/var/lib/systemd/linger", pwd.getpwuid(os.getuid()).pw_name).exists(),
    )


def _units(scope: str, *, vendor: bool) -> Iterator[tuple[str, str]]:
    for folder in Local(scope).search_path():
        if vendor and not str(folder).startswith(_VENDOR):
            continue
        with suppress(OSError):
            yield from ((file.name, str(file)) for file in folder.iterdir() if not file.name.endswith(".d"))


def _file(path: Path) -> File:
    try:
        if not path.exists():
            return File(is_there=False)
        if path.is_dir():
            return File(is_there=True, is_folder=True)
        with path.open("rb") as file:
            head = file.read(256)
    except OSError:
        return File(is_there=True)
    first = head.partition(b"\n")[0]
    shebang = first[2:].decode("utf-8", "replace").lstrip(" ") if first.startswith(b"#!") else None
    return File(True, False, os.access(path, os.X_OK), head.startswith(b"\x7fELF"), shebang)


def _ports() -> Iterator[tuple[str, int]]:
    """Ports that are listened on, but for those of systemd's own sockets."""
    own = _own()
    for kind, table in _TABLES:
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                words = line.split()
                if (kind == "udp" or words[3] == _LISTENS) and words[9] not in own:
                    yield kind, int(words[1].rpartition(":")[2], 16)


def _own() -> set[str]:
    """The inodes of the sockets that PID 1 holds; none, where one may not look."""
    found = set()
    with suppress(OSError):
        for link in Path("/proc/1/fd").iterdir():
            with suppress(OSError):
                found.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
    return found


def _lowest_port() -> int:
    try:
        return int(_FLOOR.read_text())
    except (OSError, ValueError):
        return 1024
