"""Python values to the text of a directive, checked as systemd would; what it would refuse or ignore is an error."""

from collections.abc import Mapping, Set
from enum import Enum
from os import PathLike, fspath
from typing import NamedTuple, Protocol, runtime_checkable

from mkunit.catalog import lookup, values
from mkunit.catalog.spec import Directive, Finding, Flag, Many, Outcome
from mkunit.dsl.collect import NEWEST
from mkunit.errors import Severity
from mkunit.model.text import controls, quoted
from mkunit.model.unit import Unit

LONGEST = 1 << 20  # bytes in one line; systemd gives up the whole file beyond that
_CODES = {
    Outcome.REFUSED: "bad-value",
    Outcome.IGNORED: "bad-value",
    Outcome.LOST: "silent-loss",
    Outcome.NEWER: "newer-value",
    Outcome.DEPRECATED: "deprecated-value",
}
_DATA = {
    "exec": "give the command by cmd(), which quotes what its arguments contain",
    "environ": "give the variables as a dict, whose values are quoted",
}


class Problem(NamedTuple):
    """What is wrong with a value; the builder adds the directive's name and the place."""

    code: str
    message: str
    hint: str | None = None
    severity: Severity = Severity.ERROR
    outcome: Outcome = Outcome.REFUSED  # what systemd itself does with it
    is_sentence: bool = False  # otherwise the directive's name is its subject


class UnspellableError(Exception):
    """A value that no text of systemd's stands for."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, hint)


@runtime_checkable
class Data(Protocol):
    """A noun that knows its own text, such as what cmd() and literal() return; TypeError where it does not fit."""

    def spelled(self, kind: str, *, expands: bool) -> str: ...


def spell(directive: Directive, value: object) -> list[str]:
    """The lines that a Python value makes, each without its `Key=`; none for None, an empty one to reset a list."""
    if value is None:
        return []
    if isinstance(value, str):
        return [_verbatim(plain(value), _DATA.get(directive.value))]
    if isinstance(value, Mapping):
        return _mapping(directive, value)
    if isinstance(value, Set):
        return _many(directive, sorted(_one(directive, v) for v in value))
    if isinstance(value, list | tuple):
        return _many(directive, [_one(directive, v) for v in value])
    return [_one(directive, value)]


def _mapping(directive: Directive, value: Mapping[object, object]) -> list[str]:
    if directive.value != "environ":
        raise UnspellableError("wrong-type", "takes no dict", "give it a str, or a list")
    from mkunit.dsl.variables import variable  # most one-off units have none, and start-up time is felt

    return [variable(name, v) for name, v in value.items() if v is not None] if value else [""]


def _many(directive: Directive, texts: list[str]) -> list[str]:
    if not texts:
        return [""]
    if directive.many is Many.SINGLE:
        if len(texts) > 1:
            raise UnspellableError("wrong-type", "takes one value, not a list", "give it the one that is to hold")
        return texts
    if directive.many is Many.REPEAT:
        return texts
    return [" ".join(texts)]


def _one(directive: Directive, value: object) -> str:
    """One value's text; a `str` is systemd's own syntax and stays as it is."""
    if isinstance(value, str):
        return _verbatim(plain(value), _DATA.get(directive.value))
    if isinstance(value, Data):
        return _verbatim(_data(directive, value))
    if isinstance(value, int) and directive.value == "mode" and not isinstance(value, bool):
        from mkunit.dsl.modes import mode  # as above

        return mode(directive.name, value)
    if isinstance(value, PathLike) and directive.many is Many.JOIN and " " in str(value):
        return quoted(plain(value))
    return _verbatim(plain(value))


def _data(directive: Directive, value: Data) -> str:
    expands = Flag.SPECIFIERS in directive.flags or Flag.UNITNAMES in directive.flags
    try:
        return value.spelled(directive.value, expands=expands)
    except TypeError as error:
        message, _, hint = str(error).partition(": ")
        raise UnspellableError("wrong-type", message, hint) from None


def plain(value: object) -> str:
    """The text of a value that prints as itself."""
    match value:
        case Enum() if not isinstance(value, str):
            return plain(value.value)
        case str():
            return str(value.value) if isinstance(value, Enum) else value
        case bool():
            return "yes" if value else "no"
        case int() | Unit():
            return str(value)
        case float():
            return "infinity" if value == float("inf") else f"{value:f}".rstrip("0").rstrip(".")
        case PathLike():
            path = fspath(value)
            if isinstance(path, str):
                return path
    return _span(value)


def _span(value: object) -> str:
    from datetime import timedelta  # as above

    if isinstance(value, timedelta):
        from mkunit.dsl.spans import time_span

        return time_span(value)
    kind = type(value).__name__
    hint = (
        "decode it to a str"
        if isinstance(value, bytes)
        else "make it a str, a number, a list or what the builders give"
    )
    raise UnspellableError("wrong-type", f"takes no value of type {kind}", hint)


def _verbatim(text: str, hint: str | None = None) -> str:
    if found := controls(text):
        what = "a line break" if found in "\n\r" else f"the character {found!a}"
        raise UnspellableError("control-character", f"contains {what}: {text[:60]!r}", hint or "leave it out")
    if text.endswith("\\") and (len(text) - len(text.rstrip("\\"))) % 2:
        raise UnspellableError(
            "line-continuation", "ends in `\\`, which would join the next line to it", "leave it out"
        )
    if len(text) > LONGEST // 8 and len(text.encode()) > LONGEST - 256:
        raise UnspellableError("too-long", "is longer than the 1 MiB that systemd reads in a line", "give it in a file")
    return text


def check(directive: Directive, text: str, systemd: int, scope: str) -> list[Problem]:
    """What systemd of that version would refuse, ignore or lose of a directive with that text."""
    problems = []
    if directive.since > systemd:
        hint = f"leave it out, or set `systemd = {directive.since}`"
        message = f"came with systemd {directive.since}, and systemd {systemd} ignores it"
        problems.append(Problem("newer-directive", message, hint, outcome=Outcome.IGNORED))
    if directive.until and directive.until <= systemd < NEWEST:
        hint = f"write `{directive.successor}=`" if directive.successor else "leave it out"
        message = f"is ignored since systemd {directive.until}"
        problems.append(Problem("removed-directive", message, hint, outcome=Outcome.IGNORED))
    elif better := _renamed(directive, systemd):
        problems.append(
            Problem("deprecated-directive", "is an old spelling", better, Severity.WARNING, Outcome.DEPRECATED)
        )
    problems += map(_problem, values.check(directive, text, systemd, scope))
    return problems


def _renamed(directive: Directive, systemd: int) -> str | None:
    """What to write instead of an old spelling, None where that systemd has no other."""
    if not directive.successor:
        return None
    row = lookup(directive.section, directive.successor)
    elsewhere = row is None or row.name == directive.name
    if elsewhere:
        row = lookup("Unit", directive.successor)
    if row and row.since > systemd:
        return None
    return f"write `{directive.successor}=`" + (f" in [{row.section}]" if row and elsewhere else "")


def _problem(finding: Finding) -> Problem:
    mild = finding.outcome is Outcome.DEPRECATED
    severity = Severity.WARNING if mild else Severity.ERROR
    return Problem(_CODES[finding.outcome], finding.message, finding.hint, severity, finding.outcome, is_sentence=True)
