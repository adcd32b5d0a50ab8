"""What `systemctl show` says of a directive that holds: the property, and how its text is compared with the file's.

Only what can be compared without a guess is in the table: where systemd expands, adds or derives, nothing is compared.
"""

import posixpath
from functools import cache
from typing import NamedTuple

from mkunit import catalog

# A service with a user of its own gets these whatever its file says (systemd.exec(5), DynamicUser=).
_IMPLIED = frozenset(["PrivateTmp", "RemoveIPC", "NoNewPrivileges", "RestrictSUIDSGID", "ProtectSystem", "ProtectHome"])

# Words for what systemd finds out, has renamed, or takes from its own settings.
_DERIVED = frozenset(["auto", "inherit", "syslog", "syslog+console"])
_UNSET = 2**32 - 1  # what the widest counters say where nothing is set


class Shown(NamedTuple):
    """A property, and the way in which its text is compared."""

    property: str
    how: str


@cache
def _table() -> dict[tuple[str, str], Shown]:
    return {(section, name): Shown(shown, how) for section, name, shown, how in catalog.rows("properties.tsv")}


def shown(section: str, name: str) -> Shown | None:
    """The property of a directive; None for one that cannot be compared."""
    return _table().get((section, name)) or (_table().get(("*", name)) if section != "Unit" else None)


def is_implied(name: str) -> bool:
    """Whether `DynamicUser=yes` sets the directive, whatever its line says."""
    return name in _IMPLIED


def agrees(how: str, meant: str, has: str) -> bool:
    """Whether a property has what a line means; a line that cannot be read without a guess is not contradicted.

    >>> agrees("span", "90", "1min 30s"), agrees("size", "1G", "1073741824"), agrees("flag", "on", "no")
    (True, True, False)
    """
    if any(character in meant for character in "%\\\"'$"):
        return True
    if how == "units":
        return set(meant.split()) <= set(has.split())
    wanted = _read(how, meant)
    found = _read(how, has)
    return wanted is None or wanted == (has if found is None else found)


def _read(how: str, text: str) -> object:
    """A value as it is compared; None where nothing can be said of it."""
    from mkunit.catalog.values import numbers, sizes, timespan  # only where something is compared

    if how in ("number", "size") and text in ("infinity", str(sizes.MOST)):
        return "infinity"
    match how:
        case "flag":
            return numbers.boolean(text)
        case "word":
            is_plain = ":" not in text and text not in _DERIVED and numbers.boolean(text) is None
            return text if is_plain else None
        case "number":
            return _count(text)
        case "size":
            return sizes.size(text)
        case "mode":
            return int(text, 8) if text.isdecimal() and not set(text) & {"8", "9"} else None
        case "span":
            return None if text == "infinity" else timespan.microseconds(text) or None  # of none each makes its own
        case "quota":
            return int(text[:-1]) * 10_000 if text[:-1].isdecimal() and text[-1] == "%" else timespan.microseconds(text)
        case "path":
            return posixpath.normpath(text).replace("/var/run/", "/run/", 1) if text.startswith("/") else None
        case _:
            return text or None


def _count(text: str) -> int | None:
    """A whole number as C reads it, where nothing is special about it."""
    if not text.removeprefix("-").isdecimal():
        return None
    number = int(text) if text.lstrip("-0") == text.lstrip("-") else None  # a zero in front makes it octal
    return number if number is not None and number < _UNSET else None
