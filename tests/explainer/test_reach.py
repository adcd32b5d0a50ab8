"""Who can connect to a socket: hosts by its addresses, users by modes and folders."""

from collections.abc import Mapping, Sequence

import pytest
from attrs import Factory, frozen

from mkunit.explainer.reach import Reach, reaches
from mkunit.model.facts import Node
from mkunit.parser import parse

EVERY = "every host that reaches this machine, by IPv6 and IPv4"
OPEN = "nothing in the unit keeps anybody out; a firewall may"
ROOT = Node(0o755, "root", "root")


@frozen
class People:
    """A machine with a few users."""

    groups: Mapping[str, Sequence[str]] = Factory(lambda: {"root": [], "www-data": ["kim", "www-data"]})
    folders: Mapping[str, Node] = Factory(lambda: {"/": ROOT, "/run": ROOT})
    runtime: str = "/run"
    owner: str = "root"
    group: str = "root"

    def has_user(self, name: str) -> bool:
        return name in ("root", "kim", "www-data")

    def members(self, group: str) -> Sequence[str] | None:
        return self.groups.get(group)

    def folder(self, path: str) -> Node | None:
        return self.folders.get(path)


PEOPLE = People()


def reach(*lines: str, people: People = PEOPLE) -> list[Reach]:
    text = "\n".join(["[Socket]", *lines])
    return list(reaches(parse(text.encode(), "web.socket", "web.socket").unit, people))


def who(*lines: str, people: People = PEOPLE) -> list[str]:
    (one,) = reach(*lines, people=people)
    return list(one.who)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("8080", [EVERY, OPEN]),
        ("[::]:80", [EVERY, OPEN]),
        ("0.0.0.0:80", ["every host that reaches this machine, by IPv4", OPEN]),
        ("127.0.0.1:80", ["only this machine"]),
        ("[::1]:80", ["only this machine"]),
        ("10.0.0.5:80", ["every host that reaches 10.0.0.5, a private address", OPEN]),
        ("[fe80::1]:80%eth0", ["hosts of the same link, which reach fe80::1", OPEN]),
        ("@name", ["every user of this machine: a name that starts with @ has no permissions"]),
        ("vsock:2:1234", ["the virtual machines of this host, or the host of this one; no network"]),
    ],
)
def test_addresses(address: str, wanted: list[str]) -> None:
    """Loopback is this machine, an unspecified address is everybody."""
    assert who(f"ListenStream={address}") == wanted


def test_ipv6_only() -> None:
    assert who("ListenStream=[::]:80", "BindIPv6Only=ipv6-only")[0] == "every host that reaches this machine, by IPv6"


def test_one_device() -> None:
    """A socket of the loopback device is this machine's own, whatever its address."""
    assert who("ListenStream=80", "BindToDevice=lo") == ["only this machine"]
    assert who("ListenStream=80", "BindToDevice=eth0")[0] == f"{EVERY}, over eth0"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["IPAddressDeny=any", "IPAddressAllow=10.0.0.0/8"], "of these only 10.0.0.0/8 (IPAddressAllow=)"),
        (["IPAddressDeny=any"], "but all are turned away (IPAddressDeny=)"),
        (["IPAddressDeny=10.1.0.0/16", "IPAddressAllow=10.1.2.3"], "but for 10.1.0.0/16 (IPAddressDeny=), except 10.1.2.3"),
        (["IPAddressDeny=any", "IPAddressDeny="], OPEN),
        (["IPAddressAllow=10.0.0.0/8"], OPEN),
    ],
)  # fmt: skip
def test_filters(lines: list[str], wanted: str) -> None:
    """What is allowed comes in whatever is denied, and without a denial everybody does."""
    assert who("ListenStream=80", *lines) == [EVERY, wanted]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([], "every user of this machine (mode 0666, of root:root)"),
        (["SocketMode=0600"], "root (mode 0600, of root:root)"),
        (["SocketMode=0600", "SocketUser=kim"], "kim and root (mode 0600, of kim:root)"),
        (["SocketMode=0660", "SocketGroup=www-data"], "root and the group www-data (kim, www-data) (mode 0660, of root:www-data)"),
        (["SocketMode=0444"], "root (mode 0444, of root:root)"),
        (["SocketUser=nobody-here"], "nobody: there is no user nobody-here here, and the socket does not start"),
        (["SocketGroup=none"], "nobody: there is no group none here, and the socket does not start"),
    ],
)  # fmt: skip
def test_modes(lines: list[str], wanted: str) -> None:
    """To connect to a path one needs the right to write to it."""
    assert who("ListenStream=/run/web.sock", *lines) == [wanted]


def test_folders_on_the_way() -> None:
    """A folder that does not let others pass shuts them out; one that is not there is made."""
    shut = People(folders={"/": ROOT, "/run": ROOT, "/run/web": Node(0o750, "www-data", "www-data")})
    assert who("ListenStream=%t/web/a.sock", people=shut)[1:] == [
        "but only www-data and the group www-data may pass /run/web (mode 0750)"
    ]
    assert who("ListenStream=/run/new/a.sock")[1:] == ["/run/new is not there yet: systemd makes it with mode 0755"]


def test_many_members_are_counted() -> None:
    people = People(groups={"root": [], "staff": [f"u{i}" for i in range(12)]})
    assert "u7 and 4 more" in who("ListenFIFO=/run/f", "SocketMode=0660", "SocketGroup=staff", people=people)[0]


def test_every_listener_in_its_order() -> None:
    """An empty line takes back those before it; each has its sort."""
    found = reach(
        "ListenStream=1", "ListenStream=", "ListenDatagram=53", "ListenFIFO=/run/%N.fifo", "ListenNetlink=audit 1"
    )
    assert [(one.address, one.sort) for one in found] == [
        ("53", "UDP"), ("/run/web.fifo", "named pipe"), ("audit 1", "netlink"),
    ]  # fmt: skip
    assert found[0].who[-1] == "UDP senders can forge their address"
