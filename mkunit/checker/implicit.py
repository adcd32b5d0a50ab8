"""The order that systemd adds by itself: default dependencies, and those that follow from other directives."""

from collections.abc import Iterator
from typing import NamedTuple

from mkunit import catalog
from mkunit.checker.addresses import paths
from mkunit.checker.view import Seen, View
from mkunit.errors import Origin

Node = tuple[str, str]

# What is ordered among systemd's own targets, first before second.
_SYSTEM = (
    ("local-fs-pre.target", "local-fs.target"), ("local-fs.target", "sysinit.target"),
    ("swap.target", "sysinit.target"), ("sysinit.target", "basic.target"), ("sockets.target", "basic.target"),
    ("paths.target", "basic.target"), ("slices.target", "basic.target"), ("basic.target", "multi-user.target"),
    ("multi-user.target", "graphical.target"), ("network-pre.target", "network.target"),
    ("network.target", "network-online.target"), ("remote-fs-pre.target", "remote-fs.target"),
)  # fmt: skip
_USER = (
    ("sockets.target", "basic.target"), ("timers.target", "basic.target"), ("paths.target", "basic.target"),
    ("basic.target", "default.target"),
)  # fmt: skip
_BEFORE = {"socket": "sockets.target", "path": "paths.target", "timer": "timers.target", "swap": "swap.target"}
_MANAGED = {
    "StateDirectory": "/var/lib/", "CacheDirectory": "/var/cache/", "LogsDirectory": "/var/log/",
    "ConfigurationDirectory": "/etc/",
}  # fmt: skip
_PATHS = ("WorkingDirectory", "RootDirectory", "RootImage", "RequiresMountsFor")
_WATCHED = ("PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty")
_PULLS = ("Requires", "Wants", "BindsTo", "Requisite")


class Before(NamedTuple):
    """One unit before another, why, and the line that makes it so."""

    first: Node
    then: Node
    why: str
    origin: Origin | None
    implicit: bool = True
    directive: str | None = None


def skeleton(scope: str) -> Iterator[Before]:
    """The targets of a scope's manager."""
    for first, then in _SYSTEM if scope == "system" else _USER:
        yield Before((scope, first), (scope, then), f"systemd's own `{then}` waits for `{first}`", None)


def edges(everything: View, seen: Seen) -> Iterator[Before]:
    """What is added to one unit."""
    if seen.flag("DefaultDependencies", True):
        yield from _default(everything, seen)
    if parent := _slice(seen):
        yield Before((seen.scope, parent), seen.node, f"`{seen.name}` runs in `{parent}`", seen.unit.origin)
    yield from _mounts(everything, seen)


def _default(everything: View, seen: Seen) -> Iterator[Before]:
    def after(name: str) -> Before:
        return Before((seen.scope, name), seen.node, f"a {seen.kind} waits for `{name}` by default", seen.unit.origin)

    def before(name: str) -> Before:
        return Before(
            seen.node, (seen.scope, name), f"`{name}` waits for every {seen.kind} by default", seen.unit.origin
        )

    system = seen.scope == "system"
    match seen.kind:
        case "service":
            yield from (after("sysinit.target"), after("basic.target")) if system else (after("basic.target"),)
        case "socket" | "timer" | "path" | "swap":
            yield before(_BEFORE[seen.kind])
            if system and seen.kind != "swap":
                yield after("sysinit.target")
        case "mount" | "automount" if system:
            yield before("remote-fs.target" if _is_remote(seen) else "local-fs.target")
        case "target":
            yield from _target(everything, seen)


def _target(everything: View, seen: Seen) -> Iterator[Before]:
    """A target waits for all that it pulls in, unless one of the two says otherwise."""
    for name, entry in seen.words(*_PULLS):
        other = everything.named.get((seen.scope, name))
        if other is None or not other.flag("DefaultDependencies", True):
            continue
        if seen.name not in other.names("After") and name not in seen.names("Before"):
            origin = entry.origin or seen.unit.origin
            yield Before(other.node, seen.node, f"`{seen.name}` waits for what it wants, `{name}`", origin)


def _is_remote(seen: Seen) -> bool:
    words = (seen.get("Options") or seen.get("ExtraOptions")).split(",")
    return "_netdev" in words or seen.get("Type").removeprefix("fuse.") in catalog.network_file_systems()


def _slice(seen: Seen) -> str | None:
    if seen.kind == "slice":
        return f"{seen.stem.rpartition('-')[0]}.slice" if "-" in seen.stem.strip("-") else None
    return seen.get("Slice") or None


def _mounts(everything: View, seen: Seen) -> Iterator[Before]:
    """A unit that uses a path waits for the mounts on the way to it."""
    if "mount" not in everything.by_kind:
        return
    for path, origin in _used(seen):
        for where in _way(path):
            mount = everything.mounts.get((seen.scope, where))
            if mount and mount is not seen:
                yield Before(mount.node, seen.node, f"`{seen.name}` uses `{path}`", origin or seen.unit.origin)


def _way(path: str) -> Iterator[str]:
    """A path and those above it."""
    path = path.rstrip("/")
    while path.startswith("/"):
        yield path
        path = path.rpartition("/")[0]


def _used(seen: Seen) -> Iterator[tuple[str, Origin | None]]:
    for name in (*_PATHS, *(_WATCHED if seen.kind == "path" else ())):
        for entry in seen.lines.get(name, ()):
            yield from ((word.lstrip("-"), entry.origin) for word in entry.value.split())
    for name, root in _MANAGED.items():
        for entry in seen.lines.get(name, ()):
            yield from ((root + word.partition(":")[0], entry.origin) for word in entry.value.split())
    if seen.kind == "socket":
        yield from ((path, entry.origin) for entry, path in paths(seen))
    if seen.kind == "mount":
        yield from ((entry.value, entry.origin) for name in ("What", "Where") for entry in seen.lines.get(name, ()))
