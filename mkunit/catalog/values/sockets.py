"""What a socket listens on: ports, IP and vsock addresses, paths, abstract names, netlink families."""

from collections.abc import Iterator

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.addresses import quad, six, slip
from mkunit.catalog.values.asked import Asked, deprecated, meant, refused
from mkunit.catalog.values.numbers import integer, octal
from mkunit.catalog.values.specifiers import expand, opaque

HOSTS = ("hypervisor", "local", "host", "any", "-1")
VSOCK_WORDS = 255  # the systemd that brought names of machines and kinds of vsock sockets
NETLINK = (
    "route", "firewall", "inet-diag", "nflog", "xfrm", "selinux", "iscsi", "audit", "fib-lookup", "connector",
    "netfilter", "ip6-fw", "dnrtmsg", "kobject-uevent", "generic", "scsitransport", "ecryptfs", "rdma",
)  # fmt: skip


def check_stream(asked: Asked) -> Iterator[Finding]:
    """A port, an address with a port, a path, an abstract name, or a vsock address."""
    text, wrong = expand(asked, asked.text)
    if wrong:
        yield wrong
    elif text[0] in "/@":
        yield from _local(asked, text)
    elif text.startswith("vsock"):
        yield from _vsock(asked, text)
    elif not opaque(asked, asked.text):
        yield from _internet(asked, text)


def check_datagram(asked: Asked) -> Iterator[Finding]:
    """The same places as for streams."""
    yield from check_stream(asked)


def check_sequential(asked: Asked) -> Iterator[Finding]:
    """A path or an abstract name."""
    text, wrong = expand(asked, asked.text)
    if wrong:
        yield wrong
    elif text[0] in "/@":
        yield from _local(asked, text)
    elif not opaque(asked, asked.text[:2]):
        hint = "write a path or an abstract name such as `@name`, or use ListenStream="
        yield asked.bad(f"`{asked.text}` cannot take sequential packets", hint)


def _local(asked: Asked, text: str) -> Iterator[Finding]:
    from mkunit.catalog.values.paths import trouble  # most addresses are ports

    size = len(text.encode())
    if text == "/" or text == "@":
        yield asked.bad(f"`{text}` has no name after it", "write a path such as `/run/name.sock`")
    elif size > 107:
        yield asked.bad(
            f"the address is {size} bytes long", "write at most 107 bytes, such as a path right below `/run`"
        )
    elif text[0] == "/" and (found := trouble(text)):
        yield refused(f"the path `{asked.text}` {found[0]}", found[1])
    elif asked.text.startswith("/var/run/"):
        yield deprecated(f"`{asked.text}` is in an old folder", f"write `{asked.text.removeprefix('/var')}`")


def _vsock(asked: Asked, text: str) -> Iterator[Finding]:
    kind, _, rest = text.partition(":")
    machine, colon, port = rest.partition(":")
    number = integer(port) if colon else None
    if kind not in ("vsock", "vsock-stream", "vsock-dgram", "vsock-seqpacket") or number is None:
        yield asked.bad(f"`{asked.text}` is not a vsock address", "write `vsock:CID:PORT`, or `vsock::PORT` for any")
    elif not 0 <= number < 2**32 or (number == 2**32 - 1 and asked.version >= VSOCK_WORDS):
        yield asked.bad(f"the port `{port}` is out of range", f"write a number from 0 to {2**32 - 2}")
    elif (machine in HOSTS or kind != "vsock") and asked.version < VSOCK_WORDS:
        if found := asked.newer(machine if machine in HOSTS else kind, VSOCK_WORDS):
            yield found
    elif machine and machine not in HOSTS and ((cid := integer(machine)) is None or not 0 <= cid < 2**32):
        yield asked.bad(f"`{machine}` is not a machine of vsock", "write its number, or nothing for any")


def _internet(asked: Asked, text: str) -> Iterator[Finding]:
    port = integer(text) if text[0] not in " \t" else None
    if port is not None:
        if not 0 < port < 65536:
            yield asked.bad(f"the port {port} is out of range", "write a port from 1 to 65535")
        else:
            yield from octal(text, port)
    elif message := _address_trouble(text):
        yield asked.bad(f"`{asked.text}` {message[0]}", message[1])


def _address_trouble(text: str) -> tuple[str, str] | None:
    """What is wrong with an address and a port."""
    from mkunit.catalog.values.names import interface  # most addresses are plain ports

    address, mark, zone = text.partition("%")
    host, colon, port = address.rpartition(":")
    whole = text.rpartition(":")[::2]
    bare = host[1:-1] if host[:1] == "[" and host[-1:] == "]" else None
    if not colon or not host or (bare is None and not quad(host)):
        return slip(text, *whole)
    if bare is not None and not six(bare):
        return slip(text, *whole)
    number = integer(port) if port[:1] != " " else None
    if number is None:
        return "has no port that is a number", f"write `{host}:80`, with the number of the port"
    if not 0 < number < 65536:
        return f"has the port {number}, which is out of range", "write a port from 1 to 65535"
    if mark and not interface(zone) and not zone.isdigit():
        return f"has `{zone}` for an interface", "write the interface after the port, as in `[fe80::1]:80%%eth0`"
    return None


def check_netlink(asked: Asked) -> Iterator[Finding]:
    """A family of netlink, and the number of a group."""
    text, wrong = expand(asked, asked.text)
    words = text.split(maxsplit=1) or [text]
    if wrong:
        yield wrong
    elif words[0] not in NETLINK and not ((number := integer(words[0])) is not None and 0 <= number < 2**31):
        yield asked.bad(f"`{words[0]}` is not a family of netlink", meant(words[0], NETLINK))
    elif len(words) > 1:
        group = integer(words[1])
        if group is None or not 0 <= group < 2**32:
            yield asked.bad(f"`{words[1]}` is not a group", "write the number of a group, or nothing")
