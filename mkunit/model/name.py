"""Unit names: systemd's grammar for them, and its escaping (systemd.unit(5), systemd-escape(1))."""

from typing import NamedTuple

KINDS = ("service", "socket", "timer", "path", "mount", "automount", "swap", "target", "slice", "scope", "device")
ROOT = "-"
LIMIT = 255  # bytes, suffix included

_ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_CHARACTERS = frozenset(f"{_ALPHANUMERIC}:-_.\\@")
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_PLAIN = frozenset(f"{_ALPHANUMERIC}:_.".encode())


class Name(NamedTuple):
    """A unit name taken apart: `web@blue.socket` is `web`, `blue`, `socket`; a template has the instance ``""``."""

    prefix: str
    instance: str | None
    kind: str

    def __str__(self) -> str:
        at = "" if self.instance is None else f"@{self.instance}"
        return f"{self.prefix}{at}.{self.kind}"

    @property
    def is_template(self) -> bool:
        return self.instance == ""

    @property
    def template(self) -> str | None:
        """The name of the template that an instance is made from, None for others."""
        return f"{self.prefix}@.{self.kind}" if self.instance else None


def parse(text: str) -> Name:
    """A full unit name, taken apart; ValueError says what is wrong with it.

    >>> parse("web@blue.socket")
    Name(prefix='web', instance='blue', kind='socket')
    """
    stem, dot, kind = text.rpartition(".")
    if not dot or kind not in KINDS:
        raise ValueError("it ends in no unit suffix such as `.service`")
    prefix, at, instance = stem.partition("@")
    if not prefix:
        raise ValueError("there is nothing before its suffix" if not at else "there is nothing before the `@`")
    if wrong := sorted(set(stem) - _CHARACTERS):
        raise ValueError(f"{_shown(wrong[0])} cannot stand in a unit name")
    if len(text) > LIMIT:
        raise ValueError(f"with its suffix it is {len(text)} bytes long, and {LIMIT} is the limit")
    if kind == "slice" and stem != ROOT and (stem[0] == "-" or stem[-1] == "-" or "--" in stem):
        raise ValueError("a slice's name neither starts nor ends with `-`, nor has two in a row")
    if kind == "slice" and at:
        raise ValueError("a slice cannot be a template or an instance")
    return Name(prefix, instance if at else None, kind)


def is_name(text: str) -> bool:
    """Whether systemd would take this as a full unit name."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def is_many(name: str) -> bool:
    """Whether drop-ins of this name are for many units: all of a kind, or all whose names begin so (systemd.unit(5)).

    >>> is_many("service"), is_many("user-.slice"), is_many("web.service"), is_many("-.mount")
    (True, True, False, False)
    """
    stem, _, kind = name.rpartition(".")
    return name in KINDS or (kind in KINDS and stem.endswith("-") and stem != ROOT and is_name(f"{stem}x.{kind}"))


def _shown(character: str) -> str:
    return "a blank" if character == " " else f"`{character}`" if character.isprintable() else ascii(character)


def escape(text: str) -> str:
    r"""Any text as a part of a unit name, as `systemd-escape` writes it.

    >>> escape("my disk")
    'my\\x20disk'
    """
    return _escape(text.encode("utf-8", "surrogateescape"))


def _escape(raw: bytes) -> str:
    def one(place: int, byte: int) -> str:
        if byte == 0x2F:
            return "-"
        if byte in _PLAIN and not (place == 0 and byte == 0x2E):
            return chr(byte)
        return f"\\x{byte:02x}"

    return "".join(one(i, b) for i, b in enumerate(raw))


def escape_path(path: str) -> str:
    r"""An absolute path as a unit name's stem, as `systemd-escape --path` writes it.

    >>> escape_path("/mnt/my-disk/")
    'mnt-my\\x2ddisk'
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not path.startswith("/"):
        raise ValueError("it is not an absolute path")
    if ".." in parts:
        raise ValueError("it contains `..`")
    return escape("/".join(parts)) if parts else ROOT


def unescape(text: str) -> str:
    r"""What an escaped part of a unit name stands for.

    >>> unescape("my\\x20disk")
    'my disk'
    """
    raw, i = bytearray(), 0
    while i < len(text):
        if text[i] == "-":
            raw += b"/"
        elif text[i] == "\\":
            digits = text[i + 2 : i + 4]
            if text[i + 1 : i + 2] != "x" or len(digits) != 2 or not _HEXADECIMAL.issuperset(digits):
                raise ValueError("it has a `\\` that escapes nothing")
            raw.append(int(digits, 16))
            i += 3
        else:
            raw += text[i].encode()
        i += 1
    return raw.decode("utf-8", "surrogateescape")
