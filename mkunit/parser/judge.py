"""What systemd does with each line of a unit, by the catalogue: it holds, is ignored, or ends the reading; pure.

A whole unit stops at no line, since all that is wrong with it is wanted; a drop-in stops where systemd stops.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from attrs import evolve

from mkunit import catalog
from mkunit.catalog.spec import Directive, Flag, Many, Outcome
from mkunit.dsl.spell import Problem, check
from mkunit.errors import Diagnostic, Severity
from mkunit.model.unit import Entry, Unit
from mkunit.parser.keys import sections, unknown

GUESSES = 50  # of what was meant by an unknown directive, in one unit; each takes milliseconds
_STRANGE = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # some editors show a new line at the later ones


class Effect(StrEnum):
    """What becomes of a line."""

    HOLDS = "holds"
    PARTLY = "partly"  # some of its words are dropped
    IGNORED = "ignored"
    FATAL = "fatal"  # the unit does not load, or the rest of the drop-in is lost
    UNREAD = "unread"  # it stands below a fatal line of a drop-in
    SKIPPED = "skipped"  # `X-…`, which is for other programs


class Judged(NamedTuple):
    """A line, its directive if there is one, what becomes of it, and what is to be said of it."""

    entry: Entry
    directive: Directive | None
    effect: Effect
    found: tuple[Diagnostic, ...] = ()

    @property
    def is_read(self) -> bool:
        return self.effect in (Effect.HOLDS, Effect.PARTLY)


def judge(unit: Unit, systemd: int, scope: str = "system") -> tuple[Judged, ...]:
    """Each line of a unit and of the drop-ins merged into it, which are told by their paths."""
    judged: list[Judged] = []
    guesses = iter(range(GUESSES))
    for path, group in groupby(unit.entries, key=_path):
        lines = [_line(unit, entry, systemd, scope, guesses) for entry in group]
        judged += lines if _is_own(unit, path) else _stopped(unit, lines)
    return tuple(judged)


def read(unit: Unit, judged: Iterable[Judged]) -> Unit:
    """The unit as systemd has it: only with the lines that hold."""
    return evolve(unit, entries=tuple(line.entry for line in judged if line.is_read))


def _path(entry: Entry) -> str | None:
    return entry.origin.path if entry.origin else None


def _is_own(unit: Unit, path: str | None) -> bool:
    return not unit.dropin and path == (unit.origin.path if unit.origin else None)


def _stopped(unit: Unit, lines: Sequence[Judged]) -> Iterator[Judged]:
    """The lines of a drop-in: a fatal one ends it, and the unit loads without what stands below."""
    for i, line in enumerate(lines):
        if line.effect is Effect.FATAL:
            below = [lost.entry for lost in lines[i + 1 :]]
            yield line._replace(found=(*line.found, *_lost(unit, line.entry, below)))
            yield from (Judged(entry, None, Effect.UNREAD) for entry in below)
            return
        yield line


def _lost(unit: Unit, entry: Entry, below: Sequence[Entry]) -> Iterator[Diagnostic]:
    if below:
        names = list(dict.fromkeys(f"`{lost.name}=`" for lost in below))
        shown = ", ".join(names[:5]) + (" and more" if len(names) > 5 else "")
        message = f"systemd reads nothing below `{entry.name}=`: `{unit}` starts without {shown}"
        yield _at(unit, entry, "lost-rest", message, f"correct `{entry.name}=`")


def _line(unit: Unit, entry: Entry, systemd: int, scope: str, guesses: Iterator[int]) -> Judged:
    if entry.section not in sections(unit.kind):
        # Its header has been complained of already, unless it is one for other programs.
        return Judged(entry, None, Effect.SKIPPED if entry.section.startswith("X-") else Effect.IGNORED)
    row = catalog.lookup(entry.section, entry.name)
    if row is None:
        if entry.name.startswith("X-"):
            return Judged(entry, None, Effect.SKIPPED)
        message, hint = unknown(unit.kind, entry.section, entry.name, guess=next(guesses, None) is not None)
        return Judged(entry, None, Effect.IGNORED, (_at(unit, entry, "unknown-directive", message, hint),))
    problems = check(row, entry.value, systemd, scope)
    found = [_diagnostic(unit, entry, problem) for problem in problems]
    if strange := _STRANGE.search(entry.value):
        message = f"`{entry.name}=` contains the character {strange[0]!a}, which systemd keeps as it is"
        found.append(_at(unit, entry, "control-character", message, "leave it out", Severity.WARNING))
    return Judged(entry, row, _effect(row, entry, problems), tuple(found))


def _effect(row: Directive, entry: Entry, problems: Sequence[Problem]) -> Effect:
    outcomes = {problem.outcome for problem in problems}
    if any(problem.outcome is Outcome.IGNORED and not problem.is_sentence for problem in problems):
        return Effect.IGNORED  # the directive itself, whatever its value is
    if Outcome.REFUSED in outcomes:
        return Effect.FATAL
    if Flag.NORESET in row.flags and not entry.value:
        return Effect.IGNORED
    if outcomes & {Outcome.IGNORED, Outcome.NEWER}:
        return Effect.PARTLY if row.many is Many.JOIN and len(entry.value.split()) > 1 else Effect.IGNORED
    return Effect.HOLDS


def _diagnostic(unit: Unit, entry: Entry, problem: Problem) -> Diagnostic:
    between = ": " if problem.is_sentence else " "
    message = f"`{entry.name}=`{between}{problem.message}"
    if problem.outcome is Outcome.REFUSED and _is_own(unit, _path(entry)):
        message += "; systemd does not load the unit"
    return _at(unit, entry, problem.code, message, problem.hint, problem.severity)


def _at(
    unit: Unit, entry: Entry, code: str, message: str, hint: str | None, severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(code, message, hint, entry.origin, severity, unit.name, entry.name)
