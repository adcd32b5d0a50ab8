"""What a unit's specifiers and variables stand for when it is tried by hand, with its folders in a temporary place."""

import os
import platform
import pwd
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mkunit.model.name import unescape
from mkunit.model.unit import Unit

_SPECIFIER = re.compile(r"%(.)")
_VARIABLE = re.compile(r"\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_WORD = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
FOLDERS = {
    "t": "run",
    "S": "state",
    "C": "cache",
    "L": "logs",
    "E": "config",
    "T": "tmp",
    "V": "tmp",
    "d": "credentials",
}


class _Person(NamedTuple):
    name: str
    home: str
    shell: str


def _person() -> _Person:
    """Whoever tries the unit; a number without a name has no home, either."""
    try:
        found = pwd.getpwuid(os.getuid())
    except KeyError:
        return _Person(str(os.getuid()), os.environ.get("HOME", "/"), "/bin/sh")
    return _Person(found.pw_name, found.pw_dir, found.pw_shell)


class Specifiers:
    """The letters of one unit (systemd.unit(5)); what is asked for and cannot be known is noted."""

    def __init__(self, unit: Unit, place: Path) -> None:
        parts, stem = unit.parts, unit.name.rpartition(".")[0]
        person = _person()
        self.unknown: set[str] = set()
        self.letters = {
            "n": unit.name, "N": stem, "p": parts.prefix, "i": parts.instance or "", "P": _plain(parts.prefix),
            "I": _plain(parts.instance or ""), "j": parts.prefix.rpartition("-")[2],
            "J": _plain(parts.prefix.rpartition("-")[2]), "f": "/" + _plain(parts.instance or parts.prefix).lstrip("/"),
            "h": person.home, "u": person.name, "U": str(os.getuid()), "g": str(os.getgid()),
            "G": str(os.getgid()), "s": person.shell, "H": socket.gethostname(),
            "l": socket.gethostname().partition(".")[0], "q": socket.gethostname(), "v": platform.release(),
            "a": platform.machine().replace("_", "-"), "%": "%", **{k: str(place / v) for k, v in FOLDERS.items()},
        }  # fmt: skip

    def __call__(self, text: str) -> str:
        """The text with each specifier replaced."""

        def letter(match: re.Match[str]) -> str:
            if match[1] not in self.letters:
                self.unknown.add(match[0])
            return self.letters.get(match[1], match[0])

        return _SPECIFIER.sub(letter, text) if "%" in text else text


def _plain(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:
        return text


def variables(word: str, environment: Mapping[str, str]) -> list[str]:
    """One argument as the process gets it: `$NAME` alone is split at blanks, `${NAME}` stays in its word."""
    if alone := _WORD.fullmatch(word):
        return environment.get(alone[1], "").split()
    return [_VARIABLE.sub(lambda match: environment.get(match[1], "") if match[1] else "$", word)]


def environment_file(text: str) -> dict[str, str]:
    """The variables of an `EnvironmentFile=`: assignments, comments, and quotes as in a shell."""
    found: dict[str, str] = {}
    for line in text.replace("\\\n", "").split("\n"):
        name, equals, value = line.strip().partition("=")
        if not equals or name.startswith(("#", ";")):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[name.strip()] = value
    return found
