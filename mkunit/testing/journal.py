"""The text of `journalctl --output=json` in, entries out; reads nothing itself."""

import json
from collections.abc import Iterable, Iterator
from os import PathLike, fspath

Entry = dict[str, str]

_UNIT_FIELDS = ("UNIT", "USER_UNIT", "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "OBJECT_SYSTEMD_UNIT")


def entries(text: str) -> Iterator[Entry]:
    """One dict per line; a field that occurs twice, or that is not text, comes as its parts joined by newlines."""
    for line in text.splitlines():
        yield {name: _text(value) for name, value in json.loads(line).items()}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if value and all(isinstance(byte, int) for byte in value):
            return bytes(value).decode(errors="replace")
        case list():
            return "\n".join(_text(part) for part in value)
        case _:
            return str(value)


def about(unit: str, found: Iterable[Entry]) -> Iterator[Entry]:
    """What the unit wrote and what a manager, the system's or a user's, wrote about it."""
    return (entry for entry in found if unit in (entry.get(name) for name in _UNIT_FIELDS))


def complaints(files: Iterable[str | PathLike[str]], found: Iterable[Entry]) -> Iterator[Entry]:
    """What a manager said about lines of these unit files: CONFIG_FILE, CONFIG_LINE and MESSAGE."""
    wanted = {fspath(file) for file in files}
    return (entry for entry in found if entry.get("CONFIG_FILE") in wanted)
