"""Names of units: lists of dependencies, single units, slices, and what is in [Install]."""

import re
from collections.abc import Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost
from mkunit.catalog.values.lists import expanded
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.words import BARE, PLAIN, QUOTED
from mkunit.errors import near

KINDS = (
    "service", "mount", "swap", "socket", "target", "device", "automount", "timer", "path", "slice", "scope",
)  # fmt: skip
INSTANCES = frozenset(("service", "socket", "target", "timer", "path"))


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(rf"[A-Za-z0-9:_.\\-][A-Za-z0-9:_.\\@-]*\.(?:{'|'.join(KINDS)})")


def unit_trouble(name: str, template: bool = True, install: bool = False) -> str | None:
    """What is wrong with the name of a unit: a hint, or None; a template takes the instance of the unit itself."""
    stem, dot, suffix = name.rpartition(".")
    if _unit().fullmatch(name) and len(name) < 256:
        if "@" not in stem or install:
            return None
        if suffix not in INSTANCES:
            return f"write a name without `@`; there are no instances of a {suffix}"
        if template or stem.index("@") < len(stem) - 1:
            return None
        return f"name an instance, such as `{stem}NAME.{suffix}`"
    bare = name.strip("\"'")
    if bare != name and _unit().fullmatch(bare):
        return f"write `{bare}`, without quotes"
    if "," in name:
        return "separate names with blanks, without commas"
    return _name_hint(name, stem if dot else "", suffix)


def _name_hint(name: str, stem: str, suffix: str) -> str:
    if len(name) > 255:
        return "write a name of at most 255 bytes"
    if suffix in KINDS:
        return "write a name of ASCII letters, digits and `:-_.\\@`, as `systemd-escape` makes it"
    if stem and (kind := near(suffix, KINDS)):
        return f"did you mean `{stem}.{kind}`?"
    usual = "target" if name in USUAL_TARGETS else "service"
    return f"write `{name}.{usual}`, with the suffix of its kind"


USUAL_TARGETS = frozenset((
    "network", "network-online", "network-pre", "multi-user", "graphical", "basic", "sysinit", "default", "sockets",
    "timers", "paths", "local-fs", "remote-fs", "local-fs-pre", "remote-fs-pre", "swap", "shutdown", "reboot",
    "time-sync", "time-set", "nss-lookup", "nss-user-lookup", "rpcbind", "graphical-session", "sleep", "suspend",
))  # fmt: skip


def check_units(asked: Asked) -> Iterator[Finding]:
    """Names of units, separated by blanks; there are no quotes and no commas."""
    for word, name in expanded(asked, BARE):
        if isinstance(name, Finding):
            yield name
        elif hint := unit_trouble(name):
            yield asked.bad(f"`{word}` is not the name of a unit", hint)


def check_sockets(asked: Asked) -> Iterator[Finding]:
    """Names of sockets, separated by blanks."""
    for word, name in expanded(asked, PLAIN):
        if isinstance(name, Finding):
            yield name
        elif not name.endswith(".socket"):
            yield asked.bad(
                f"`{word}` is not the name of a socket", f"write `{name.rpartition('.')[0] or name}.socket`"
            )
        elif hint := unit_trouble(name):
            yield asked.bad(f"`{word}` is not the name of a unit", hint)


def check_one_unit(asked: Asked) -> Iterator[Finding]:
    """The unit that a timer or a path starts."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif hint := unit_trouble(name):
        yield asked.bad(f"`{asked.text}` is not the name of a unit", hint)
    elif name == f"x.{asked.directive.section.lower()}" and asked.text == "%n":
        yield asked.bad("a unit cannot start itself", "write the name of another unit")


def check_service(asked: Asked) -> Iterator[Finding]:
    """The service that a socket starts."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not name.endswith(".service"):
        stem = name.rpartition(".")[0] if name.rpartition(".")[2] in KINDS else name
        yield asked.bad(f"`{asked.text}` is not the name of a service", f"write `{stem}.service`")
    elif hint := unit_trouble(name, template=False):
        yield asked.bad(f"`{asked.text}` is not the name of a unit", hint)


def check_slice(asked: Asked) -> Iterator[Finding]:
    """The slice that a unit is in; an impossible name of a slice makes the unit unusable."""
    name, trouble = expand(asked, asked.text)
    stem = name.removesuffix(".slice")
    if trouble:
        yield trouble
    elif asked.directive.section == "Slice":
        yield asked.bad(
            "the name of a slice says which slice it is in", "leave out Slice=, and name it `PARENT-NAME.slice`"
        )
    elif stem == name or unit_trouble(name):
        yield asked.bad(
            f"`{asked.text}` is not the name of a slice", f"write `{name.rpartition('.')[0] or name}.slice`"
        )
    elif name != "-.slice" and (stem[0] == "-" or stem[-1] == "-" or "--" in stem or "@" in stem):
        hint = "write a name without `@`, whose parts are separated by single dashes"
        yield lost(f"`{asked.text}` is not the name of a slice, and the unit cannot start", hint)


def check_install(asked: Asked) -> Iterator[Finding]:
    """Names of units in [Install], where quotes are understood; a bad one makes `systemctl enable` fail."""
    for word, name in expanded(asked, QUOTED):
        if isinstance(name, Finding):
            yield name
        elif hint := unit_trouble(name, install=True):
            yield asked.bad(f"`{word}` is not the name of a unit", hint)


def check_instance(asked: Asked) -> Iterator[Finding]:
    """The instance that a template is enabled as."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not _instance().fullmatch(name):
        hint = "write ASCII letters, digits and `:-_.\\@`, as `systemd-escape` makes it"
        yield asked.bad(f"`{asked.text}` is not an instance", hint)


@cache
def _instance() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9:_.\\@-]+")
