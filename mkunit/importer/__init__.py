"""Unit files, crontabs and Procfiles to a units file that a person would have written, with the proof that it is right.

It stands beside the pipeline, and knows several stages as that does: the reading, the writing of Python, the loading.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mkunit import catalog
from mkunit.errors import Diagnostic, LoadError, Origin, ParseError, Severity
from mkunit.importer import proof
from mkunit.importer.effect import effective
from mkunit.importer.groups import groups
from mkunit.importer.settled import settled
from mkunit.importer.sheet import Sheet, merged, sheet
from mkunit.model.name import escape_path
from mkunit.model.unit import Unit
from mkunit.renderer import source
from mkunit.renderer.source_unit import path

__all__ = ["Imported", "Sheet", "convert", "groups", "merged", "sheet"]


class Imported(NamedTuple):
    """A units file, and what is to be said of lines that are not in it as they were."""

    text: str
    notes: tuple[Diagnostic, ...]


def convert(sheets: Sequence[Sheet], scope: str, about: str) -> Imported:
    """The units file for units, proven; ParseError where there is none that means the same."""
    read = [effective(one.unit, one.unit.scope or scope) for one in sheets]
    wrong = [found for one, lines in zip(sheets, read, strict=True) for found in (*_unfit(one), *lines.fatal)]
    if wrong:
        raise ParseError(*wrong)
    ready = [settled(one, lines.lines) for one, lines in zip(sheets, read, strict=True)]
    text = source.text([one.unit for one in ready], [one.remarks for one in ready], about)
    _prove(text, sheets, scope)
    notes = tuple(note for one, lines in zip(sheets, read, strict=True) for note in (*one.troubles, *lines.notes))
    return Imported(text, notes)


def _unfit(one: Sheet) -> Iterator[Diagnostic]:
    """What no builder makes, and what systemd does not load."""
    unit = one.unit
    if one.broken and not unit.dropin:
        yield from (found for found in one.troubles if found.severity is Severity.ERROR)
    elif unit.kind not in catalog.kinds() or (unit.kind == "scope" and not unit.dropin):
        message = f"`{unit}`: there is no builder for a {unit.kind}"
        yield Diagnostic("no-builder", message, "leave it out", unit.origin, unit=unit.name)
    elif unit.kind in ("mount", "automount", "swap") and not unit.dropin and not _is_path(unit):
        message = f"`{unit}` is not the name that systemd gives to the path of a {unit.kind}"
        hint = "call it what `systemd-escape --path` says"
        yield Diagnostic("bad-name", message, hint, unit.origin, unit=unit.name)


def _is_path(unit: Unit) -> bool:
    stem = unit.name.rpartition(".")[0]
    try:
        return escape_path(path(unit) or "") == stem
    except ValueError:
        return False


def _prove(text: str, sheets: Sequence[Sheet], scope: str) -> None:
    """Load, render and read what was written; refuse what is not the same."""
    try:
        built = proof.again(text, scope)
    except LoadError as error:
        raise ParseError(*(_at_home(found, sheets) for found in error.diagnostics)) from None
    wanted = proof.means([one.unit for one in sheets], scope)
    found = proof.means([proof.rendered(unit) for unit in built], scope)
    if different := proof.difference(wanted, found):
        hint = "please report this; until then, write these lines by hand"
        raise ParseError(Diagnostic("import-differs", f"the Python does not mean the same:\n{different}", hint))


def _at_home(found: Diagnostic, sheets: Sequence[Sheet]) -> Diagnostic:
    """A finding of the builders, at the line of the unit file that it is about."""
    for one in sheets:
        if one.unit.name == found.unit:
            lines = (entry.origin for entry in one.unit.entries if entry.name == found.directive)
            place: Origin | None = next(lines, None) or one.unit.origin
            return found._replace(origin=place, message=f"mkunit does not take this: {found.message}")
    return found._replace(origin=None)
