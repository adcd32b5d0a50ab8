"""Specifiers: which `%` letters systemd knows where, and a value with examples in their place."""

from mkunit.catalog.spec import Finding, Flag
from mkunit.catalog.values.asked import Asked

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
SHORT = frozenset("nNpijaAbBHlqmMovwWgGuU")
SINCE = {"d": 251, "y": 251, "Y": 251, "D": 256}
PATHS = {
    "t": "/run",
    "S": "/var/lib",
    "C": "/var/cache",
    "L": "/var/log",
    "E": "/etc",
    "D": "/usr/share",
    "d": "/run/credentials/x.service",
    "h": "/root",
    "s": "/bin/sh",
    "T": "/tmp",
    "V": "/var/tmp",
    "y": "/etc/systemd/system/x.service",
    "Y": "/etc/systemd/system",
    "f": "/x",
    "c": "/x",
    "r": "/x",
    "R": "/x",
}
FULL = SHORT | frozenset("IJP") | frozenset(PATHS)
NAMED = ("Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope")
UNKNOWN = "x"  # stands for what only the machine or the unit's name can tell


def expand(asked: Asked, text: str, always: bool = False) -> tuple[str, Finding | None]:
    """The text with an example for each specifier, and what is wrong with one of them."""
    if "%" not in text:
        return text, None
    flags = asked.directive.flags
    if always:
        return _expand(asked, text, FULL)
    if Flag.UNITNAMES in flags:
        return _expand(asked, text, SHORT)
    if Flag.SPECIFIERS in flags:
        return _expand(asked, text, FULL)
    return text, None


def _expand(asked: Asked, text: str, known: frozenset[str]) -> tuple[str, Finding | None]:
    pieces = text.split("%")
    result = [pieces.pop(0)]
    name = f"x.{asked.directive.section.lower()}" if asked.directive.section in NAMED else "x.service"
    while pieces:
        piece = pieces.pop(0)
        if not piece:  # `%%`, or one at the end
            result.append("%" + (pieces.pop(0) if pieces else ""))
            continue
        if piece[0] not in LETTERS:
            result.append("%" + piece)
            continue
        if trouble := _trouble(asked, piece[0], known):
            return text, trouble
        result.append((name if piece[0] == "n" else PATHS.get(piece[0], UNKNOWN)) + piece[1:])
    return "".join(result), None


def _trouble(asked: Asked, letter: str, known: frozenset[str]) -> Finding | None:
    if letter in known:
        return asked.newer(f"%{letter}", SINCE.get(letter, 0))
    if letter in FULL:
        return asked.bad(f"`%{letter}` is not expanded in names of units", "write the text itself")
    return asked.bad(f"`%{letter}` is not a specifier", f"write `%%{letter}` for a literal percent sign")


def opaque(asked: Asked, text: str) -> bool:
    """Whether specifiers that can stand for anything are in a text."""
    if "%" not in text or not asked.directive.flags & {Flag.SPECIFIERS, Flag.UNITNAMES}:
        return False
    pieces = text.replace("%%", "").split("%")[1:]
    return any(piece[:1] in FULL and piece[0] not in PATHS and piece[0] != "n" for piece in pieces if piece)
