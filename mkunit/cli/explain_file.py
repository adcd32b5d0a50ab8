"""`mkunit explain FILE`: what each line of a unit file does, and what they come to."""

import sys
from argparse import Namespace
from collections.abc import Iterator

from mkunit import parser
from mkunit.cli import explain_unit, subjects, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, Origin
from mkunit.parser.effects import effects
from mkunit.parser.files import Loaded
from mkunit.reporter import explain as report
from mkunit.reporter.explain import Shown


def run(given: Namespace, ui: Ui) -> int:
    """Every line of the files that a path means; of a unit's own also what they come to."""
    place, scope = folder(given), given.scope or "system"
    systemd = given.systemd or validate.wanted(place)
    loaded = validate.load(given.name, place, scope, systemd)
    if not loaded:
        hint = "name a unit file, or a folder of them"
        raise NoSuchUnitError(Diagnostic("no-such-unit", "there is no unit file in it", hint, Origin(given.name)))
    shown = [line for one in loaded for line in _lines(one, systemd, scope)]
    subject = subjects.of_file(loaded[0], scope) if len(loaded) == 1 else None
    if ui.json:
        ui.document(
            {"lines": [line._asdict() for line in shown], **(explain_unit.more(subject, given) if subject else {})}
        )
    elif ui.rich and sys.stdout.isatty():
        report.paint_lines(shown, ui.color)
    else:
        ui.data(report.lines(shown))
    if subject and not ui.json:
        explain_unit.append(subject, given, ui)
    for checked in validate.examine(loaded, systemd, scope):
        apart = tuple(found for found in checked.found if not found.origin or not found.origin.line)
        validate.show(checked._replace(found=apart), ui, systemd) if apart else None
    return 0


def _lines(one: Loaded, systemd: int, scope: str) -> Iterator[Shown]:
    """The lines of a unit's files, and what each does; those that are not even assignments too."""
    if one.unit is None:
        return
    rows = effects(parser.judge(one.unit, systemd, scope))
    for parsed in one.files:
        path = parsed.unit.origin.path if parsed.unit.origin else ""
        found = [
            Shown(path, e.origin.line, e.section, f"{e.name}={e.value}", row.wins, row.text)
            for row in rows
            if (e := row.entry).origin and e.origin.path == path
        ]
        taken = {line.line for line in found}
        for bad in parsed.diagnostics:
            if bad.origin and bad.origin.line not in taken:
                text = parsed.lines[bad.origin.line - 1].strip()
                found.append(Shown(path, bad.origin.line, "", text, False, bad.message))
        yield from sorted(found, key=lambda line: line.line)
