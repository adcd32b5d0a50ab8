"""Networks: address prefixes, ports that may be bound, interfaces, sets of the firewall."""

import re
from collections.abc import Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.addresses import quad, six
from mkunit.catalog.values.asked import Asked, lost
from mkunit.catalog.values.enums import words
from mkunit.catalog.values.lists import each
from mkunit.catalog.values.names import interface
from mkunit.catalog.values.numbers import integer
from mkunit.catalog.values.specifiers import expand, opaque
from mkunit.catalog.values.words import PLAIN, QUOTED, RETAINED, Splitter, WordError, broken

SETS = frozenset(("any", "localhost", "link-local", "multicast"))


def check_prefixes(asked: Asked) -> Iterator[Finding]:
    """Addresses with or without the length of a prefix, or names of sets of them."""
    for word in each(asked, PLAIN):
        if isinstance(word, Finding):
            yield word
        elif word not in SETS and not _local(word):
            yield from _prefix(asked, word)


def _local(word: str) -> bool:
    folded = word.lower().removesuffix(".")
    return folded in ("localhost", "localhost.localdomain") or folded.endswith((".localhost", ".localhost.localdomain"))


def _prefix(asked: Asked, word: str) -> Iterator[Finding]:
    address, slash, length = word.partition("/")
    bits = 32 if quad(address) else 128 if six(address) else 0
    if not bits:
        yield asked.bad(f"`{word}` is not an address", _prefix_hint(word))
        return
    number = integer(length) if slash else bits
    if number is None or not 0 <= number <= bits:
        yield asked.bad(f"the prefix of `{word}` is out of range", f"write a length from 0 to {bits}")
        return
    from ipaddress import ip_network  # heavy, and wanted only for real addresses

    network = ip_network(f"{address}/{number}", strict=False)
    if str(network.network_address) != str(ip_network(address).network_address):
        yield lost(f"`{word}` means all of `{network}`", f"write `{network}`, or `{address}` for the one address")


def _prefix_hint(word: str) -> str:
    if "," in word:
        return "separate the addresses with blanks, without commas"
    if word in ("*", "all", "0"):
        return "write `any`"
    return "write an address such as `10.0.0.0/8` or `fd00::/8`; names of hosts are not looked up"


def check_bind(asked: Asked) -> Iterator[Finding]:
    """`any`, a port or a range of ports, with the family and the protocol before it."""
    fields = asked.text.split(":")
    if fields[0] in ("ipv4", "ipv6"):
        del fields[0]
    if fields and fields[0].lower() in ("tcp", "udp"):
        del fields[0]
    if fields in ([], ["any"]):
        return
    low, dash, high = fields[0].partition("-")
    first, last = integer(low), integer(high) if dash else integer(low)
    if len(fields) > 1 or first is None or last is None or not 0 <= first <= last < 65536:
        yield asked.bad(f"`{asked.text}` is not a rule for ports", _bind_hint(asked.text))
    elif first == 0 and (found := asked.newer(asked.text, 254)):
        yield found


def _bind_hint(text: str) -> str:
    if " " in text or "," in text:
        return "write one rule, and another line for each further one"
    return "write `any`, `tcp:80`, `udp:5000-5010` or the like, with ports up to 65535"


def check_interfaces(asked: Asked) -> Iterator[Finding]:
    """Names of interfaces, plain or with `~` before them."""
    for word in each(asked, QUOTED, asked.text.removeprefix("~")):
        if isinstance(word, Finding):
            yield word
        elif not interface(word, asked.version >= 253):
            hint = "separate the names with blanks" if "," in word else "write the name of an interface, such as `eth0`"
            yield asked.bad(f"`{word}` is not the name of an interface", hint)


def check_interface(asked: Asked) -> Iterator[Finding]:
    """The name of one interface."""
    text, wrong = asked.text, None
    if asked.type != "socket_bindtodevice" or asked.version >= 258:
        text, wrong = expand(asked, text)
    elif text == "*":
        return
    if wrong:
        yield wrong
    elif text != "*" and not opaque(asked, asked.text) and not interface(text, asked.type != "socket_bindtodevice"):
        yield asked.bad(f"`{asked.text}` is not the name of an interface", "write a name such as `eth0`")


@cache
def _identifier() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z][A-Za-z0-9/\\_.]{0,30}")


def check_firewall(asked: Asked) -> Iterator[Finding]:
    """Sets of nftables: source, family, table and set, with colons between them."""
    fields = Splitter("c", quotes=False, by=":")
    try:
        tuples = [(word, fields.split(word)) for word in RETAINED.split(asked.text)]
    except WordError as error:
        yield asked.bad(*broken(error))
        return
    for word, parts in tuples:
        right = len(parts) == 4 and parts[0] in words("nft_source") and parts[1] in words("nft_family")
        if not right or not all(_identifier().fullmatch(part) for part in parts[2:]):
            hint = "write `SOURCE:FAMILY:TABLE:SET`, such as `cgroup:inet:filter:my_service`"
            yield asked.bad(f"`{word}` is not a set of the firewall", hint)


def check_programs(asked: Asked) -> Iterator[Finding]:
    """`TYPE:PATH` of a program in the kernel's own file system."""
    kind, colon, raw = asked.text.partition(":")
    path, wrong = expand(asked, raw)
    if wrong:
        yield wrong
    elif not colon or kind not in words("bpf_attach") or not path.startswith("/") or ".." in path.split("/"):
        hint = "write `TYPE:PATH`, such as `egress:/sys/fs/bpf/my_program`"
        yield asked.bad(f"`{asked.text}` is not a program to attach", hint)
