"""Devices and processors: rules of access, limits of a device, lists of processors and memory nodes."""

from collections.abc import Callable, Iterator

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked
from mkunit.catalog.values.numbers import integer
from mkunit.catalog.values.paths import below
from mkunit.catalog.values.sizes import size
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.timespan import microseconds
from mkunit.catalog.values.words import BLANKS, QUOTED, Splitter, WordError, broken


def _split(asked: Asked) -> tuple[str, str, Finding | None]:
    """The path of the device, the rest, and what is wrong with the path."""
    try:
        word, at = QUOTED.first(asked.text, 0)
    except WordError as error:
        return "", "", asked.bad(*broken(error))
    path, wrong = expand(asked, word or "")
    return path, asked.text[at:] if at is not None else "", wrong


def check_access(asked: Asked) -> Iterator[Finding]:
    """A device or a kind of devices, and any of `r`, `w` and `m`."""
    path, rights, wrong = _split(asked)
    if wrong:
        yield wrong
    elif not path.startswith(("block-", "char-")) and (
        not below(path, ("/dev", "/run/systemd/inaccessible")) or ".." in path.split("/")
    ):
        hint = "write a path below /dev, or `char-NAME` or `block-NAME` for a kind of devices"
        yield asked.bad(f"`{path}` is not a device", hint)
    elif not set(rights) <= set("rwm"):
        yield asked.bad(f"`{rights}` are not rights", "write any of `r`, `w` and `m`, without blanks between them")


def _limit(text: str) -> bool:
    return text == "infinity" or bool(size(text, 1000))


def _weight(text: str) -> bool:
    return 1 <= (integer(text) or 0) <= 10000


def _old_weight(text: str) -> bool:
    return 10 <= (integer(text) or 0) <= 1000


VALUES: dict[str, tuple[Callable[[str], bool], str]] = {
    "io_limit": (_limit, "write `/dev/DISK 10M`, to the base of 1000, or `infinity`"),
    "io_device_weight": (_weight, "write `/dev/DISK 100`, from 1 to 10000"),
    "io_device_latency": (lambda text: microseconds(text) is not None, "write `/dev/DISK 25ms`"),
    "blockio_bandwidth": (lambda text: bool(size(text, 1000)), "write `/dev/DISK 10M`"),
    "blockio_device_weight": (_old_weight, "write `/dev/DISK 100`, from 10 to 1000"),
}


def check_device_value(asked: Asked) -> Iterator[Finding]:
    """The path of a device, and a value for it."""
    right, hint = VALUES[asked.type]
    path, value, wrong = _split(asked)
    if wrong:
        yield wrong
    elif not value:
        yield asked.bad(f"`{asked.text}` has no value after the device", hint)
    elif ".." in path.split("/"):
        yield asked.bad(f"the path `{path}` has `..` in it", "write the path that it leads to")
    elif not right(value):
        yield asked.bad(f"`{value}` is not a value for a device", hint)


CPUS = Splitter(by=BLANKS + ",")


def check_processors(asked: Asked) -> Iterator[Finding]:
    """Numbers and ranges, with blanks or commas between them."""
    text = asked.text
    if (asked.type, text) in (("exec_cpu_affinity", "numa"), ("numa_mask", "all")):
        return
    if asked.type != "numa_mask" or asked.version >= 258:
        text, wrong = expand(asked, text)
        if wrong:
            yield wrong
            return
    try:
        ranges = CPUS.split(text)
    except WordError as error:
        yield asked.bad(*broken(error))
        return
    for word in ranges:
        low, dash, high = word.partition("-")
        first, last = integer(low), integer(high) if dash else integer(low)
        if first is None or last is None or first < 0 or first > last or last >= 8192:
            yield asked.bad(f"`{word}` is not a processor or a range of them", "write numbers, or ranges such as `0-3`")
