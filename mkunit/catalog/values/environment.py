"""Environment variables and the fields of log entries: assignments and names."""

import re
from collections.abc import Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked
from mkunit.catalog.values.lists import expanded
from mkunit.catalog.values.words import ESCAPED, QUOTED, utf8


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@cache
def _field() -> re.Pattern[str]:
    return re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def check_assignments(asked: Asked) -> Iterator[Finding]:
    """`NAME=value` words; quotes go around the whole of it or around the value."""
    for word, text in expanded(asked, ESCAPED):
        if isinstance(text, Finding):
            yield text
            continue
        name, equal, value = text.partition("=")
        if not equal or not _name().fullmatch(name) or not utf8(value):
            yield asked.bad(f"`{word}` is not an assignment", _assignment_hint(asked.text, name, equal))


def _assignment_hint(text: str, name: str, equal: str) -> str:
    if " = " in text or text.startswith("export ") or "= " in text:
        return "write `NAME=value`, without blanks around `=`"
    if equal and name:
        return "write a name of ASCII letters, digits and `_` that begins with no digit"
    return 'write `NAME=value`, and `"NAME=some words"` with quotes around it if there are blanks in it'


def check_names(asked: Asked) -> Iterator[Finding]:
    """Names of variables, separated by blanks."""
    for word, text in expanded(asked, QUOTED):
        if isinstance(text, Finding):
            yield text
        elif not _name().fullmatch(text):
            yield asked.bad(f"`{word}` is not the name of a variable", _name_hint(text))


def _name_hint(text: str) -> str:
    if "=" in text and _name().fullmatch(text.partition("=")[0]):
        return f"write `{text.partition('=')[0]}` alone"
    if "," in text:
        return "separate names with blanks, without commas"
    return "write ASCII letters, digits and `_`, and no digit first"


def check_unset(asked: Asked) -> Iterator[Finding]:
    """Names of variables or whole assignments, separated by blanks."""
    for word, text in expanded(asked, ESCAPED):
        if isinstance(text, Finding):
            yield text
        elif not (_name().fullmatch(text.partition("=")[0]) and utf8(text)):
            yield asked.bad(f"`{word}` is neither the name of a variable nor an assignment", _name_hint(text))


def check_fields(asked: Asked) -> Iterator[Finding]:
    """`FIELD=value` words for the journal."""
    for word, text in expanded(asked, ESCAPED):
        if isinstance(text, Finding):
            yield text
        elif "=" not in text:
            yield asked.bad(f"`{word}` is not a field of a log entry", "write `FIELD=value`")
        elif not _field().fullmatch(text.partition("=")[0]):
            hint = f"write `{text.partition('=')[0].upper().lstrip('_')}`: capitals, digits and `_`, at most 64 of them"
            yield asked.bad(f"`{word}` does not begin with the name of a field", hint)
