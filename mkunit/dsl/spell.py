"""Python values to the text of a directive, checked as systemd would; what it would refuse or ignore is an error."""

from collections.abc import Mapping, Set
from datetime import timedelta
from enum import Enum
from os import PathLike, fspath

from attrs import frozen

from mkunit.catalog import values
from mkunit.catalog.spec import Directive, Finding, Flag, Many, Outcome
from mkunit.dsl.collect import NEWEST
from mkunit.errors import Severity
from mkunit.model.unit import Unit
from mkunit.model.value import Address, Command, Literal, Raw, assignment, controls, percent, quoted

LONGEST = 1 << 20  # bytes in one line; systemd gives up the whole file beyond that
_CODES = {
    Outcome.REFUSED: "bad-value",
    Outcome.IGNORED: "bad-value",
    Outcome.LOST: "silent-loss",
    Outcome.NEWER: "newer-value",
    Outcome.DEPRECATED: "deprecated-value",
}
# Modes that someone wrote without `0o`: read as octal they are what people use, and nobody means them as decimal.
_MODES = frozenset(
    f"{special}{owner}{group}{other}"
    for special in ("", "1", "2", "4")
    for owner in "4567"
    for group in "04567"
    for other in "04567"
    if not (int(group) & ~int(owner) or int(other) & ~int(group))
)
_DATA = {
    "exec": "give the command by cmd(), which quotes what its arguments contain",
    "environ": "give the variables as a dict, whose values are quoted",
}
_MASKS = frozenset({"22", "26", "27", "37", "77"})


@frozen
class Problem:
    """What is wrong with a value; the builder adds the directive's name and the place."""

    code: str
    message: str
    hint: str | None = None
    severity: Severity = Severity.ERROR
    is_sentence: bool = False  # otherwise the directive's name is its subject


class Unspellable(Exception):
    """A value that no text of systemd's stands for."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, hint)


def spell(directive: Directive, value: object) -> list[str]:
    """The lines that a Python value makes, each without its `Key=`; none for None, an empty one to reset a list."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        return _mapping(directive, value)
    if isinstance(value, Set):
        return _many(directive, sorted(_one(directive, v) for v in value))
    if isinstance(value, list | tuple):
        return _many(directive, [_one(directive, v) for v in value])
    return [_one(directive, value)]


def _mapping(directive: Directive, value: Mapping[object, object]) -> list[str]:
    if directive.value != "environ":
        raise Unspellable("wrong-type", "takes no dict", "give it a str, or a list")
    lines = [_variable(name, v) for name, v in value.items() if v is not None]
    return lines if value else [""]


def _variable(name: object, value: object) -> str:
    if not isinstance(name, str):
        raise Unspellable("wrong-type", f"has a variable whose name is of type {type(name).__name__}", "give it as a str")
    if isinstance(value, bool) or not isinstance(value, str | int | float | PathLike | Unit | Raw | Literal | Enum):
        kind = type(value).__name__
        raise Unspellable("wrong-type", f"has the variable `{name}` of type {kind}", "give its value as a str")
    text = value if isinstance(value, Raw) else value.text if isinstance(value, Literal) else _plain(value)
    try:
        return assignment(name, text)
    except ValueError as error:
        raise Unspellable("control-character", f"has the variable `{name}`, and {error}") from None


def _many(directive: Directive, texts: list[str]) -> list[str]:
    if not texts:
        return [""]
    if directive.many is Many.SINGLE:
        if len(texts) > 1:
            raise Unspellable("wrong-type", "takes one value, not a list", "give it the one that is to hold")
        return texts
    if directive.many is Many.REPEAT:
        return texts
    return [" ".join(texts)]


def _one(directive: Directive, value: object) -> str:
    """One value's text; a `str` is systemd's own syntax and stays as it is."""
    match value:
        case Literal():
            return percent(_verbatim(value.text)) if _expands(directive) else _verbatim(value.text)
        case Command():
            if directive.value != "exec":
                raise Unspellable("wrong-type", "takes no command line", "write its value as a str")
            return str(value)
        case Address() | Raw():
            word = "tcp(), unix() and their like" if isinstance(value, Address) else "raw()"
            raise Unspellable("wrong-type", f"takes no {word}", "write its value as a str")
        case PathLike() if directive.many is Many.JOIN and " " in str(value):
            return quoted(_plain(value))
        case int() if directive.value == "mode" and not isinstance(value, bool):
            return _mode(directive, value)
        case _:
            return _verbatim(_plain(value), _DATA.get(directive.value))


def _expands(directive: Directive) -> bool:
    return Flag.SPECIFIERS in directive.flags or Flag.UNITNAMES in directive.flags


def _plain(value: object) -> str:
    match value:
        case Enum() if not isinstance(value, str):
            return _plain(value.value)
        case str():
            return value.value if isinstance(value, Enum) else value
        case bool():
            return "yes" if value else "no"
        case int() | Unit():
            return str(value)
        case float():
            return "infinity" if value == float("inf") else f"{value:f}".rstrip("0").rstrip(".")
        case timedelta():
            return time_span(value)
        case PathLike():
            path = fspath(value)
            if isinstance(path, str):
                return path
    kind = type(value).__name__
    hint = "decode it to a str" if isinstance(value, bytes) else "make it a str, a number, a list or what the builders give"
    raise Unspellable("wrong-type", f"takes no value of type {kind}", hint)


def _verbatim(text: str, hint: str | None = None) -> str:
    if found := controls(text):
        what = "a line break" if found in "\n\r" else f"the character {ascii(found)}"
        raise Unspellable("control-character", f"contains {what}: {text[:60]!r}", hint or "leave it out")
    if text.endswith("\\") and (len(text) - len(text.rstrip("\\"))) % 2:
        raise Unspellable("line-continuation", "ends in `\\`, which would join the next line to it", "leave it out")
    if len(text.encode()) > LONGEST - 256:
        raise Unspellable("too-long", "is longer than the 1 MiB that systemd reads in a line", "give it in a file")
    return text


def _mode(directive: Directive, value: int) -> str:
    digits = str(value)
    if digits in (_MASKS if directive.name == "UMask" else _MODES):
        hint = f"write 0o{digits}" + (f', or "{value:04o}" if that was meant' if value <= 0o777 else "")
        raise Unspellable("bad-mode", f"is {value}, which is {value:#o} in octal", hint)
    return f"{value:04o}" if 0 <= value <= 0o7777 else _refused_mode(value)


def _refused_mode(value: int) -> str:
    raise Unspellable("bad-mode", f"is {value}, which is no file mode", "write it in octal, such as 0o660")


def time_span(value: timedelta) -> str:
    """A time span as systemd writes them (systemd.time(7)).

    >>> time_span(timedelta(minutes=90, milliseconds=5))
    '1h 30min 5ms'
    """
    rest = round(value / timedelta(microseconds=1))
    if rest < 0:
        raise Unspellable("bad-value", "is a negative time span", "give a positive one")
    found = []
    for unit, size in (("d", 86400_000_000), ("h", 3600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1)):  # fmt: skip
        count, rest = divmod(rest, size)
        if count:
            found.append(f"{count}{unit}")
    return " ".join(found) or "0"


def check(directive: Directive, text: str, systemd: int, scope: str) -> list[Problem]:
    """What systemd of that version would refuse, ignore or lose of a directive with that text."""
    problems = []
    if directive.since > systemd:
        message = f"came with systemd {directive.since}, and the project is for {systemd}"
        problems.append(Problem("newer-directive", message, f"set `systemd = {directive.since}`, or leave it out"))
    if directive.until and directive.until <= systemd < NEWEST:
        hint = f"write `{directive.successor}=`" if directive.successor else "leave it out"
        problems.append(Problem("removed-directive", f"is ignored since systemd {directive.until}", hint))
    elif directive.successor:
        hint = f"write `{directive.successor}=`"
        problems.append(Problem("deprecated-directive", "is an old spelling", hint, Severity.WARNING))
    problems += map(_problem, values.check(directive, text, systemd, scope))
    return problems


def _problem(finding: Finding) -> Problem:
    mild = finding.outcome is Outcome.DEPRECATED
    severity = Severity.WARNING if mild else Severity.ERROR
    return Problem(_CODES[finding.outcome], finding.message, finding.hint, severity, is_sentence=True)
