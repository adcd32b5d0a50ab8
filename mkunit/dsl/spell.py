"""Python values to the text of a directive, checked as systemd would; what it would refuse or ignore is an error."""

from collections.abc import Callable, Mapping, Set
from enum import Enum
from os import PathLike, fspath
from typing import NamedTuple

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
    if "" not in texts:
        return [" ".join(texts)]
    # An empty text among the others is the empty assignment, which only a line of its own can be.
    last = len(texts) - texts[::-1].index("")
    return ["", " ".join(texts[last:])] if texts[last:] else [""]


def _one(directive: Directive, value: object) -> str:
    """One value's text; a `str` is systemd's own syntax and stays as it is."""
    if isinstance(value, str):
        return _verbatim(plain(value), _DATA.get(directive.value))
    if spelled := getattr(value, "spelled", None):  # a noun that knows its own text: cmd(), literal() and their like
        return _exact(directive, _data(directive, spelled))
    if isinstance(value, int) and directive.value == "mode" and not isinstance(value, bool):
        from mkunit.dsl.modes import mode  # as above

        return mode(directive.name, value)
    if isinstance(value, PathLike):
        return _exact(directive, plain(value))
    return _verbatim(plain(value))


def _exact(directive: Directive, text: str) -> str:
    """Data, of which systemd must lose nothing: one word in a list of words, and no blanks at its ends elsewhere."""
    _verbatim(text)
    if directive.many is Many.JOIN:
        return quoted(text)
    if text != text.strip(" "):
        message = f"begins or ends with a blank, which systemd takes off: {text[:60]!r}"
        raise UnspellableError("silent-loss", message, "leave the blank out")
    return text


def _data(directive: Directive, spelled: Callable[..., str]) -> str:
    expands = Flag.SPECIFIERS in directive.flags or Flag.UNITNAMES in directive.flags
    try:
        return spelled(directive.value, expands=expands)
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
            return "infinity" if value == float("inf") else _decimal(value)
        case PathLike():
            path = fspath(value)
            if isinstance(path, str):
                return path
    return _span(value)


def _decimal(value: float) -> str:
    """A float without an exponent, which systemd does not know."""
    text = f"{value:f}" if not value or float(f"{value:f}") else f"{value:.20f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _span(value: object) -> str:
    from datetime import timedelta  # as above

    if isinstance(value, timedelta):
        from mkunit.dsl.spans import time_span

        return time_span(value)
    raise UnspellableError("wrong-type", f"takes no {_kind(value)}", _type_hint(value))


def _kind(value: object) -> str:
    return "None in a list" if value is None else f"value of type {type(value).__name__}"


def _type_hint(value: object) -> str:
    match value:
        case None:
            return "leave it out of the list"
        case bytes():
            return "decode it to a str"
        case Mapping():
            return "give the dict by itself, not in a list"
        case list() | tuple() | Set():
            return "give one flat list"
    return "make it a str, a number, a list or what the builders give"


def _verbatim(text: str, hint: str | None = None) -> str:
    if found := controls(text):
        what = "a line break" if found in "\n\r" else f"the control character {found!a}"
        what = what if found < "\ud800" else f"{found!a}, which is no character"
        raise UnspellableError("control-character", f"contains {what}: {text[:60]!r}", hint or "leave it out")
    if text.endswith("\\") and (len(text) - len(text.rstrip("\\"))) % 2:
        message = "ends in `\\`, which would join the next line to it"
        raise UnspellableError("line-continuation", message, hint or "leave it out, or write two")
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
