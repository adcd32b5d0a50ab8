"""Rules on the addresses that sockets listen on: which exclude one another, and which are not there at boot."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from mkunit.checker import view
from mkunit.checker.view import Seen
from mkunit.checker.wording import found, listen, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Entry

_INET = ("ListenStream", "ListenDatagram")
_LOCAL = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO")
FLOOR = 1024


class Inet(NamedTuple):
    """A TCP or UDP address: `host` is None for a bare port, which means all of IPv6 and IPv4."""

    entry: Entry
    host: IPv4Address | IPv6Address | None
    port: int


def inet(entry: Entry) -> Inet | None:
    """An address and port in a listening line, None where it is something else, or depends on the machine."""
    text = entry.value
    if entry.name not in _INET or text[:1] in "/@%v" or "%" in text.replace("%%", ""):
        return None
    host, colon, port = text.partition("%")[0].rpartition(":")
    try:
        number = int(port, 0)
        return Inet(entry, ip_address(host.strip("[]")) if colon else None, number)
    except ValueError:
        return None


def inets(seen: Seen) -> list[Inet]:
    return [one for entry in seen.listeners if (one := inet(entry))]


def path(entry: Entry) -> str | None:
    """The path of a socket or FIFO in the file system."""
    return entry.value if entry.name in _LOCAL and entry.value.startswith(("/", "%t/", "%S/", "%T/")) else None


def paths(seen: Seen) -> list[tuple[Entry, str]]:
    return [(entry, found) for entry in seen.listeners if (found := path(entry))]


def duplicates(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Two listeners of a scope that cannot both have their address: the second fails to start."""
    taken: dict[tuple[str, str, object], list[tuple[Seen, Inet | None, Entry]]] = {}
    for seen in view.of(graph).of("socket"):
        if seen.parts.is_template:
            continue
        for entry in seen.listeners:
            one = inet(entry)
            if one is None and not path(entry) and not entry.value.startswith("@"):
                continue
            layer = "" if one is None else entry.name
            rivals = taken.setdefault((seen.scope, layer, one.port if one else entry.value), [])
            for other, theirs, line in rivals:
                if _clash(seen, one, other, theirs):
                    yield _taken(seen, entry, other, line)
                    break
            rivals.append((seen, one, entry))


def _clash(seen: Seen, one: Inet | None, other: Seen, theirs: Inet | None) -> bool:
    if seen is not other and (other.name in seen.names("Conflicts") or seen.name in other.names("Conflicts")):
        return False
    if one is None or theirs is None:
        return True
    if seen.flag("ReusePort") and other.flag("ReusePort"):
        return False
    if seen.get("BindToDevice") != other.get("BindToDevice"):
        return False
    return _overlap(one, seen, theirs, other) or _overlap(theirs, other, one, seen)


def _overlap(one: Inet, seen: Seen, theirs: Inet, other: Seen) -> bool:
    """Whether the first address takes in the second."""
    if one.host == theirs.host:
        return True
    if one.host is not None and int(one.host):
        return False
    everything = one.host is None or one.host.version == 6
    if everything and (theirs.host is None or theirs.host.version == 6):
        return True
    return (everything and not only6(seen)) or (not everything and theirs.host is not None and theirs.host.version == 4)


def only6(seen: Seen) -> bool:
    """Whether the unspecified IPv6 address is that of IPv6 alone."""
    return seen.get("BindIPv6Only").lower() in ("ipv6-only", "1", "yes", "y", "true", "t", "on")


def _taken(seen: Seen, entry: Entry, other: Seen, line: Entry) -> Diagnostic:
    where = f"`{other.name}`, {line.origin or other.unit.origin}" if other is not seen else "the same socket"
    if other is seen and (one := inet(entry)) and (theirs := inet(line)) and one.host != theirs.host:
        message = f"`{entry.value}` and `{line.value}` exclude one another: IPv6 takes in IPv4 unless told otherwise"
        hint = (
            f"set {say(seen, 'BindIPv6Only', 'ipv6-only')}, or listen on the port alone: {listen(seen, str(one.port))}"
        )
        return found("v4-v6-clash", seen, entry, message, hint)
    message = f"`{entry.value}` is taken already by `{line.value}` of {where}: the second of them does not start"
    return found("duplicate-address", seen, entry, message, "give one of them another address")


def needs_freebind(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """An address of one interface is often not there yet when sockets start."""
    for seen in view.of(graph).of("socket"):
        if seen.flag("FreeBind") or seen.get("BindToDevice") or "network-online.target" in seen.names("After"):
            continue
        for one in inets(seen):
            host = one.host
            if host and int(host) and not (host.is_loopback or host.is_multicast or host.is_reserved):
                message = f"`{one.entry.value}`: the socket fails if `{host}` is not configured yet when it starts"
                yield found("address-needs-freebind", seen, one.entry, message, f"set {say(seen, 'FreeBind', 'yes')}")


def public(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A port alone can be reached from everywhere."""
    for seen in view.of(graph).of("socket"):
        for one in inets(seen):
            if one.host is None and not seen.get("BindToDevice") and not seen.all("IPAddressDeny"):
                message = f"`{one.entry.value}` listens on all addresses, IPv4 and IPv6"
                hint = f"write {listen(seen, f'127.0.0.1:{one.port}')} if only this machine is to reach it"
                yield found("bare-port-is-public", seen, one.entry, message, hint)


def privileged(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A user's systemd cannot take the low ports."""
    for seen in view.of(graph).of("socket"):
        for one in inets(seen) if seen.scope == "user" else ():
            if one.port < FLOOR:
                message = f"port {one.port} is below {FLOOR}, which a user's systemd may not listen on"
                hint = f"use a port of {FLOOR} or higher, or make it a unit of the system"
                yield found("user-privileged-port", seen, one.entry, message, hint)


_NEEDS = {
    "Writable": ("a special file", ("ListenSpecial",)),
    "PipeSize": ("a FIFO", ("ListenFIFO",)),
    "MessageQueueMaxMessages": ("a message queue", ("ListenMessageQueue",)),
    "MessageQueueMessageSize": ("a message queue", ("ListenMessageQueue",)),
}
_IP = ("BindIPv6Only", "FreeBind", "Transparent", "IPTOS", "IPTTL")
_TCP = ("NoDelay", "KeepAlive", "KeepAliveTimeSec", "KeepAliveIntervalSec", "KeepAliveProbes", "DeferAcceptSec")
OPTIONS = (*_NEEDS, *_IP, *_TCP)
_OWNER = ("SocketUser", "SocketGroup", "SocketMode", "DirectoryMode", "RemoveOnStop")


def idle_options(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Options for a sort of listener that the socket does not have."""
    for seen in view.of(graph).of("socket"):
        if not seen.lines.keys() & set(OPTIONS):
            continue
        lines = seen.listeners
        if any("%" in entry.value for entry in lines if entry.value[0] not in "/@"):
            continue
        for name, what in _missing(lines):
            if (entry := seen.entry(name)) and entry.value.lower() not in ("", "no", "false", "0", "off", "n", "f"):
                message = f"`{name}=` has no effect: the socket listens on no {what}"
                yield found("option-without-listener", seen, entry, message, f"leave out {say(seen, name)}")


def _missing(lines: list[Entry]) -> Iterator[tuple[str, str]]:
    names = {entry.name for entry in lines}
    for name, (what, needed) in _NEEDS.items():
        if not names & set(needed):
            yield name, what.partition(" ")[2]
    if not any(inet(entry) for entry in lines):
        yield from ((name, "IP address") for name in _IP)
    if not any(inet(entry) for entry in lines if entry.name == "ListenStream"):
        yield from ((name, "TCP address") for name in _TCP)


def idle_owner(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Owner and mode protect sockets in the file system, and no others."""
    for seen in view.of(graph).of("socket"):
        given = [name for name in _OWNER if (entry := seen.entry(name)) and entry.value]
        if not given:
            continue
        lines = seen.listeners
        names = {entry.name for entry in lines}
        if "ListenFIFO" in names or any(entry.value[0] in "/%" and entry.name in _LOCAL for entry in lines):
            continue
        for name in given:
            if not (name == "SocketMode" and "ListenMessageQueue" in names):
                message = f"`{name}=` protects nothing: the socket has no node in the file system"
                hint = f"leave out {say(seen, name)}, or listen on a path: {listen(seen, f'/run/{seen.stem}.sock')}"
                yield found("owner-needs-path", seen, name, message, hint)
