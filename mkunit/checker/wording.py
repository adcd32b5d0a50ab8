"""How rules talk: directives as the reader writes them, in a units file or in a unit file."""

from functools import cache

from mkunit import catalog
from mkunit.checker.view import Seen
from mkunit.errors import Diagnostic
from mkunit.model.unit import Entry, Unit

_LISTS = ("After", "Before", "Wants", "Requires", "BindsTo", "WantedBy", "Also")
_MODES = ("SocketMode", "DirectoryMode", "UMask")
_PLAIN = {"yes": "True", "no": "False", "": ""}


def is_python(unit: Unit) -> bool:
    """Whether its user writes keywords: it came from Python, or from flags, which are called like keywords."""
    return bool(unit.source) or unit.origin is None or unit.origin.path.endswith(".py")


@cache
def keyword(kind: str, name: str) -> str:
    """The keyword of a directive in the builder of a kind."""
    return next((word for word, place in catalog.keywords(kind).items() if place[1] == name), name)


def say(seen: Seen, name: str, value: str | None = None) -> str:
    """A directive, with a value or without, as the reader of a finding writes it.

    >>> say(Seen(Unit("a.service", source="units/a.py")), "Restart", "on-failure")
    '`restart="on-failure"`'
    """
    if not is_python(seen.unit):
        return f"`{name}={value or ''}`"
    word = keyword(seen.kind, name)
    if value is None:
        return f"`{word}`"
    return f"`{word}={_python(name, value)}`"


def _python(name: str, value: str) -> str:
    if value in _PLAIN:
        return _PLAIN[value]
    if name in _MODES:
        return f"0o{value.lstrip('0')}"
    if name in _LISTS:
        return "[" + ", ".join(f'"{word}"' for word in value.split()) + "]"
    return value if value.isdecimal() else f'"{value}"'


def listen(seen: Seen, value: str) -> str:
    """An address as the reader writes it."""
    if not is_python(seen.unit):
        return f"`ListenStream={value}`"
    return f"`listen=[{value}]`" if value.isdecimal() else f'`listen=["{value}"]`'


def found(
    code: str, seen: Seen, at: Entry | str | None, message: str, hint: str | None = None, directive: str | None = None
) -> Diagnostic:
    """A finding on a line of a unit, or on the last line of a directive; its severity comes from the table.

    `directive` is what is meant where there is no line of it.
    """
    entry = seen.entry(at) if isinstance(at, str) else at
    place = (entry.origin if entry else None) or seen.unit.origin
    return Diagnostic(code, message, hint, place, unit=seen.name, directive=entry.name if entry else directive)
