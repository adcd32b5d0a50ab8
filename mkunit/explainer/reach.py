"""Who can connect to a socket, listener by listener: which hosts, or which users."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import PurePosixPath
from typing import NamedTuple

from mkunit.model.graph import expand
from mkunit.model.port import Accounts
from mkunit.model.unit import Entry, Unit, standing

_SORTS = {
    "ListenStream": "stream", "ListenDatagram": "datagram", "ListenSequentialPacket": "sequential packets",
    "ListenFIFO": "named pipe", "ListenSpecial": "special file", "ListenNetlink": "netlink",
    "ListenMessageQueue": "message queue", "ListenUSBFunction": "USB function",
}  # fmt: skip
_PROTOCOLS = {"ListenStream": "TCP", "ListenDatagram": "UDP"}
_NODES = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO")
_LOOPBACK = ("lo", "lo0")
_SHOWN = 8  # users by name
_ANY = ("any", "0.0.0.0/0", "::/0")
_MODE, _FOLDER_MODE = "0666", "0755"  # systemd's own defaults


class Reach(NamedTuple):
    """A listener, what sort it is, and who can connect, in a sentence or several."""

    socket: str
    address: str
    sort: str
    who: tuple[str, ...]


def reaches(unit: Unit, accounts: Accounts) -> Iterator[Reach]:
    """Each listener of a socket, in its order."""
    lines = standing(e for e in unit.entries if e.section == "Socket" and e.name.startswith("Listen"))
    for line in lines:
        address = expand(line.value.replace("%t", accounts.runtime), unit)
        sort, who = _reach(unit, line, address, accounts)
        yield Reach(unit.name, address, sort, tuple(who))


def _reach(unit: Unit, line: Entry, address: str, accounts: Accounts) -> tuple[str, Iterator[str]]:
    sort = _SORTS.get(line.name, line.name)
    if line.name in _NODES and address.startswith("/"):
        return sort if line.name == "ListenFIFO" else f"Unix {sort}", _users(unit, address, accounts)
    if address.startswith("@"):
        return f"Unix {sort}", iter(["every user of this machine: a name that starts with @ has no permissions"])
    if line.name == "ListenMessageQueue":
        return sort, _by_mode(unit, accounts)
    if address.startswith("vsock"):
        return sort, iter(["the virtual machines of this host, or the host of this one; no network"])
    if line.name in _PROTOCOLS:
        return _PROTOCOLS[line.name], _hosts(unit, line, address)
    return sort, iter(
        ["the kernel"] if line.name == "ListenNetlink" else ["nobody connects: it is read when it is ready"]
    )


def _hosts(unit: Unit, line: Entry, address: str) -> Iterator[str]:
    """Who can reach an IP address, as far as it and systemd's own filter go."""
    host, colon, port = address.partition("%")[0].rpartition(":")
    device = unit.directive("BindToDevice") or ""
    try:
        where = ip_address(host.strip("[]")) if colon else None
    except ValueError:
        yield "that depends on the machine"
        return
    is_local = bool(where and where.is_loopback) or device in _LOOPBACK
    yield "only this machine" if is_local else _network(unit, where) + (f", over {device}" if device else "")
    yield from _filtered(unit)
    if not is_local and not any(_listed(unit, "IPAddressDeny")):
        yield "nothing in the unit keeps anybody out; a firewall may"
    if port.isdecimal() and line.name == "ListenDatagram":
        yield "UDP senders can forge their address"


def _network(unit: Unit, where: IPv4Address | IPv6Address | None) -> str:
    if where is None or (where.version == 6 and not int(where)):
        only = (unit.directive("BindIPv6Only") or "").lower() in ("ipv6-only", "1", "yes", "y", "true", "t", "on")
        return "every host that reaches this machine, by IPv6" + ("" if only else " and IPv4")
    if not int(where):
        return "every host that reaches this machine, by IPv4"
    if where.is_link_local:
        return f"hosts of the same link, which reach {where}"
    private = ", a private address" if where.is_private else ""
    return f"every host that reaches {where}{private}"


def _listed(unit: Unit, name: str) -> list[str]:
    return [word for entry in standing(unit.all(name)) for word in entry.value.split()]


def _filtered(unit: Unit) -> Iterator[str]:
    """What IPAddressAllow= and IPAddressDeny= make of it: what is allowed is let in, whatever is denied."""
    allow, deny = _listed(unit, "IPAddressAllow"), _listed(unit, "IPAddressDeny")
    if deny and any(word in _ANY for word in deny):
        yield (
            f"of these only {', '.join(allow)} (IPAddressAllow=)"
            if allow
            else "but all are turned away (IPAddressDeny=)"
        )
    elif deny:
        but = f", except {', '.join(allow)}" if allow else ""
        yield f"but for {', '.join(deny)} (IPAddressDeny=){but}"


def _users(unit: Unit, address: str, accounts: Accounts) -> Iterator[str]:
    yield from _by_mode(unit, accounts)
    yield from _folders(unit, PurePosixPath(address).parent, accounts)


def _by_mode(unit: Unit, accounts: Accounts) -> Iterator[str]:
    """To connect one needs the right to write."""
    text = unit.directive("SocketMode") or _MODE
    mode = int(text, 8) if text.isdecimal() else int(_MODE, 8)
    user = unit.directive("SocketUser") or accounts.owner
    group = unit.directive("SocketGroup") or accounts.group
    node = f"mode {mode:04o}, of {user}:{group}"
    if not user.isdecimal() and not accounts.has_user(user):
        yield f"nobody: there is no user {user} here, and the socket does not start"
        return
    members = accounts.members(group)
    if members is None and not group.isdecimal():
        yield f"nobody: there is no group {group} here, and the socket does not start"
        return
    if mode & 0o002:
        yield f"every user of this machine ({node})"
        return
    who = [user] if mode & 0o200 else []
    who += [f"the group {group} ({_named(members or ())})"] if mode & 0o020 else []
    who += ["root"] if user != "root" else []
    yield f"{' and '.join(who) or 'root'} ({node})"


def _named(members: Sequence[str]) -> str:
    shown = ", ".join(members[:_SHOWN]) or "which has no members"
    return f"{shown} and {len(members) - _SHOWN} more" if len(members) > _SHOWN else shown


def _folders(unit: Unit, folder: PurePosixPath, accounts: Accounts) -> Iterator[str]:
    """Who may not come near: each folder on the way must let one pass."""
    for path in reversed([folder, *folder.parents]):
        node = accounts.folder(str(path))
        if node is None:
            mode = unit.directive("DirectoryMode") or _FOLDER_MODE
            yield f"{path} is not there yet: systemd makes it with mode {mode}"
            return
        if not node.mode & 0o001:
            group = f" and the group {node.group}" if node.mode & 0o010 else ""
            yield f"but only {node.user}{group} may pass {path} (mode {node.mode:04o})"
