"""A unit file as it was read: its unit, and its comments where they stand."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from attrs import evolve

from mkunit.errors import Diagnostic, Origin
from mkunit.model.unit import MARK, Entry, Unit
from mkunit.parser import Parsed, merge
from mkunit.renderer.source import Remarks


class Sheet(NamedTuple):
    """A unit with its comments, and what is wrong with the syntax of its file."""

    unit: Unit
    remarks: Remarks = Remarks()
    troubles: tuple[Diagnostic, ...] = ()
    broken: bool = False


def sheet(parsed: Parsed, scope: str) -> Sheet:
    """One file; each comment belongs to the line below it, those above the first header to the unit."""
    path = parsed.unit.origin.path if parsed.unit.origin else ""
    top = parsed.headers[0].line if parsed.headers else 0
    above: list[str] = []
    waiting: list[str] = []
    found: dict[Origin | None, tuple[str, ...]] = {}
    comments = list(reversed(parsed.comments))
    for entry in parsed.unit.entries:
        line = entry.origin.line if entry.origin else 0
        while comments and comments[-1].line < max(line, parsed.logged(line)):
            comment = comments.pop()
            (above if comment.line < top else waiting).append(python(comment.text))
        if waiting:
            found[Origin(path, line)] = _without_mark(waiting)
            waiting = []
    rest = [(comment.line < top, python(comment.text)) for comment in reversed(comments)]
    above += [text for is_top, text in rest if is_top]
    below = _without_mark(text for is_top, text in rest if not is_top)
    unit = evolve(parsed.unit, scope=scope)
    return Sheet(unit, Remarks(_without_mark(above), found, below), parsed.diagnostics, parsed.broken)


def _without_mark(comments: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in comments if not text.startswith(MARK))


def python(comment: str) -> str:
    r"""A comment of a unit file as one of Python's.

    >>> python(";Restart=no"), python("#"), python("# it\x00is")
    ('# Restart=no', '#', '# it\\x00is')
    """
    text = comment.lstrip("#;")
    marks = "#" * max(len(comment) - len(text), 1) if comment.startswith("#") else "#"
    gap = " " if text and not text[0].isspace() else ""
    line = f"{marks}{gap}{text}".expandtabs(4).rstrip()
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def merged(own: Sheet, dropins: Sequence[Sheet]) -> Sheet:
    """A unit with its drop-ins as systemd reads them: at the end of its file, with their comments."""
    found = dict(own.remarks.lines)
    below = own.remarks.below
    for dropin in dropins:
        found |= dropin.remarks.lines
        entries = dropin.unit.entries
        first = entries[0].origin if entries else None
        if first:
            found[first] = (*below, *dropin.remarks.above, *found.get(first, ()))
            below = ()
        below += dropin.remarks.below
    unit = merge(own.unit, [dropin.unit for dropin in dropins])
    troubles = tuple(trouble for one in (own, *dropins) for trouble in one.troubles)
    return Sheet(unit, Remarks(own.remarks.above, found, below), troubles, own.broken)


def moved(remarks: Remarks, before: Sequence[Entry], after: Sequence[Entry]) -> Remarks:
    """The comments of lines that are no more stand above the next line that is left."""
    left = {entry.origin for entry in after}
    found: dict[Origin | None, tuple[str, ...]] = {}
    waiting: tuple[str, ...] = ()
    for origin in dict.fromkeys(entry.origin for entry in before):
        waiting += remarks.lines.get(origin, ())
        if origin in left and waiting:
            found[origin] = waiting
            waiting = ()
    return Remarks(remarks.above, found, (*waiting, *remarks.below))
