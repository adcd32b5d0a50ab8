"""Rules on sockets in the file system: who may connect, and what becomes of the node."""

from collections.abc import Iterator

from mkunit.checker import view
from mkunit.checker.addresses import paths
from mkunit.checker.wording import found, is_python, listen, say
from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.target import Target

_TEMPORARY = ("/tmp/", "/var/tmp/", "%T/", "%V/")
_VOLATILE = ("/run/", "/var/run/", "/dev/shm/", "%t/", *_TEMPORARY)
_OWNER = ("SocketUser", "SocketGroup")


def world_writable(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Without a mode, every local user can connect."""
    for seen in view.of(graph).of("socket"):
        mode, folder = seen.get("SocketMode"), seen.get("DirectoryMode")
        if seen.scope == "user" or (folder and int(folder, 8) & 1 == 0):
            continue
        for entry, path in paths(seen)[:1]:
            if mode and int(mode, 8) & 0o002:
                message = f"`{path}`: every user of the machine may connect, as `SocketMode={mode}` says"
                hint = f"write {say(seen, 'SocketMode', '0660')} if only a group is to"
                one = found("world-writable-socket", seen, "SocketMode", message, hint)
                yield one._replace(severity=Severity.INFO)
            elif not mode and not seen.parts.is_template:
                message = f"`{path}`: every user of the machine may connect, since there is no `SocketMode=`"
                hint = f"set {say(seen, 'SocketMode', '0660')} and {say(seen, 'SocketGroup')}; 0666 says that all may"
                one = found("world-writable-socket", seen, entry, message, hint)
                # The sockets of packages are mostly meant for all, though they do not say so.
                yield one if is_python(seen.unit) else one._replace(severity=Severity.INFO)


def in_temporary(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Whoever has a private /tmp does not find a socket there, and cleaners remove it."""
    for seen in view.of(graph).of("socket"):
        for entry, path in paths(seen):
            if path.startswith(_TEMPORARY):
                message = (
                    f"`{path}` is in a temporary folder: it is cleaned up, and `PrivateTmp=` hides it from clients"
                )
                better = f"%t/{path.rpartition('/')[2]}" if seen.scope == "user" else f"/run/{path.rpartition('/')[2]}"
                yield found("socket-in-tmp", seen, entry, message, f"write {listen(seen, better)}")


def eaten(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A service that stops takes its runtime directory along, with the socket's node in it."""
    for seen, service in view.of(graph).activated():
        if service.get("RuntimeDirectoryPreserve").lower() not in ("", "no", "false", "0", "off", "n", "f"):
            continue
        folders = [word.partition(":")[0] for e in service.all("RuntimeDirectory") for word in e.value.split()]
        for entry, path in paths(seen):
            inside = path.removeprefix("%t/").removeprefix("/run/")
            if eater := next((folder for folder in folders if inside.startswith(f"{folder}/")), None):
                message = (
                    f"`{path}` lies in `RuntimeDirectory={eater}` of `{service.name}`, which is removed when it stops"
                )
                hint = f"set {say(service, 'RuntimeDirectoryPreserve', 'yes')} on `{service.name}`, or listen elsewhere"
                yield found("runtime-directory-eats-socket", seen, entry, message, hint)


def stale(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A node outside of /run is still there after the next boot."""
    for seen in view.of(graph).of("socket"):
        for entry, path in paths(seen):
            if not path.startswith(_VOLATILE) and not seen.flag("RemoveOnStop"):
                message = f"`{path}` stays behind when the socket stops, and over reboots"
                yield found("stale-socket-file", seen, entry, message, f"set {say(seen, 'RemoveOnStop', 'yes')}")


def owner_in_user_scope(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A user's systemd is not root, and can give files to nobody."""
    for seen in view.of(graph).having(*_OWNER):
        for name in _OWNER if seen.scope == "user" else ():
            if seen.get(name):
                message = f"`{name}={seen.get(name)}`: a user's systemd can give the socket to no other"
                yield found("owner-in-user-scope", seen, name, message, f"leave out {say(seen, name)}")


def dynamic_owner(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A dynamic user does not exist before its service runs, and the socket starts first."""
    for seen, service in view.of(graph).activated():
        if not service.flag("DynamicUser"):
            continue
        names = {service.get("User") or service.parts.prefix, service.get("Group") or service.parts.prefix}
        for name in _OWNER:
            if seen.get(name) in names:
                message = f"`{name}={seen.get(name)}` is the dynamic user of `{service.name}`: there is none yet"
                hint = f"leave out {say(seen, name)}: the service gets the socket as a descriptor"
                yield found("socket-owner-is-dynamic", seen, name, message, hint)
