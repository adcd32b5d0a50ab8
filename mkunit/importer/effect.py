"""Which lines of a unit count, and with which text: what systemd ignores is left out, and said."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mkunit import catalog, parser
from mkunit.catalog.spec import Directive, Flag, Many, Outcome
from mkunit.dsl.collect import NEWEST
from mkunit.dsl.spell import check
from mkunit.errors import Diagnostic, Severity
from mkunit.importer.values import assignments, same, words
from mkunit.model.unit import Entry, Unit
from mkunit.parser import Effect, Judged
from mkunit.parser.effects import effects
from mkunit.renderer.source_commands import command

_SECTION = re.compile(r"X-[A-Za-z0-9_-]*")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.@-]*")


class Line(NamedTuple):
    """A line that counts."""

    entry: Entry  # with the text that is in effect
    row: Directive | None


class Effective(NamedTuple):
    """The lines of a unit that count, what is to be said of the others, and what keeps systemd from loading it."""

    lines: tuple[Line, ...]
    notes: tuple[Diagnostic, ...]
    fatal: tuple[Diagnostic, ...]


def effective(unit: Unit, scope: str) -> Effective:
    """For the newest systemd: what an older one ignores, it may be given one day."""
    judged = parser.judge(unit, NEWEST, scope)
    lines: list[Line] = []
    notes: list[Diagnostic] = []
    fatal: list[Diagnostic] = []
    own = unit.origin.path if unit.origin and not unit.dropin else None
    for line, row in zip(judged, effects(judged), strict=True):
        entry = line.entry
        text = _text(line, unit.kind, scope)
        if line.effect is Effect.FATAL and entry.origin and entry.origin.path == own:
            fatal += line.found
        elif text is None:
            notes += _left_out(unit, line)
        elif not row.wins and line.is_read:
            notes.append(_note(unit, entry, "left-out", f"`{entry.name}=` is left out: it is {row.text}"))
        else:
            lines.append(Line(entry._replace(value=text), line.directive))
            notes += [_warning(found) for found in line.found if line.is_read and line.effect is Effect.HOLDS]
            if line.directive is None:
                notes.append(_note(unit, entry, "kept-as-extra", f"`{entry.name}=` is kept by `extra`"))
    said = [line for line in _without_resets(lines, unit) if not _is_derived(unit, line, lines)]
    return Effective(tuple(said), tuple(notes), tuple(fatal))


def _warning(found: Diagnostic) -> Diagnostic:
    """What systemd does without a word, and what nobody may have meant."""
    return found._replace(severity=Severity.WARNING)


def _is_derived(unit: Unit, line: Line, lines: Sequence[Line]) -> bool:
    """Whether the line names the service that a socket, timer or path starts anyway."""
    section, name, value, _ = line.entry
    if unit.dropin or (section, name) not in (("Socket", "Service"), ("Timer", "Unit"), ("Path", "Unit")):
        return False
    alone = sum(other.entry[:2] == (section, name) for other in lines) == 1 and not unit.flag("Accept")
    return alone and value == f"{unit.name.rpartition('.')[0]}.service"


def _text(line: Judged, kind: str, scope: str) -> str | None:
    """The text that is in effect; None where the line is without any."""
    entry, row = line.entry, line.directive
    known = catalog.lookup(entry.section, entry.name) if row is None else row
    if row is None:
        is_kept = line.effect is not Effect.UNREAD and known is None and _is_extra(kind, entry)
        return entry.value if is_kept else None
    if row.value == "exec" and line.effect is Effect.IGNORED:
        return _rescued(row, entry.value, scope)
    if line.effect is Effect.PARTLY:
        return _part(row, entry.value, scope)
    return same(row, entry.value) if line.is_read else None


def _is_extra(kind: str, entry: Entry) -> bool:
    """Whether `extra=` can have the line."""
    known = catalog.sections(kind) if kind in catalog.kinds() else ()
    return bool((entry.section in known or _SECTION.fullmatch(entry.section)) and _KEY.fullmatch(entry.name))


def _rescued(row: Directive, text: str, scope: str) -> str | None:
    """A command line with escapes that systemd does not know: it warns of them, and keeps them as they are."""
    made = command(text)
    better = str(made) if made else ""
    return (
        better if made and not any(_hurts(problem.outcome) for problem in check(row, better, NEWEST, scope)) else None
    )


def _hurts(outcome: Outcome) -> bool:
    return outcome in (Outcome.IGNORED, Outcome.REFUSED, Outcome.NEWER)


def _part(row: Directive, text: str, scope: str) -> str | None:
    """The words of a list that systemd does not drop."""
    found = assignments(text) if row.value == "environ" else words(text)
    good = [w for w in found or () if not any(_hurts(problem.outcome) for problem in check(row, w, NEWEST, scope))]
    return " ".join(good[:1] + [word for word in good[1:] if word[0] != "~"]) or None


def _left_out(unit: Unit, line: Judged) -> Iterator[Diagnostic]:
    entry = line.entry
    if line.directive and Flag.NORESET in line.directive.flags and not entry.value:
        return  # it has no effect, and nobody will miss it
    why = line.found[0].message if line.found else f"[{entry.section}] is not read here"
    yield _note(unit, entry, "ignored-line", f"`{entry.name}=` is left out: {why}", Severity.WARNING)


def _note(unit: Unit, entry: Entry, code: str, message: str, severity: Severity = Severity.INFO) -> Diagnostic:
    return Diagnostic(code, message, None, entry.origin, severity, unit.name, entry.name)


_MEANT = frozenset({"CapabilityBoundingSet", "AmbientCapabilities", "Delegate"})  # nothing at all is something else


def _without_resets(lines: list[Line], unit: Unit) -> Iterator[Line]:
    """A whole unit has nothing to take back: an empty line of a list says nothing, but where it means `none at all`."""
    turned = {line.entry.name for line in lines if line.entry.value.startswith("~")}
    for line in lines:
        entry, row = line
        is_list = row is not None and row.many is not Many.SINGLE
        if unit.dropin or entry.value or not is_list or entry.name in _MEANT or entry.name in turned:
            yield line
