"""`mkunit edit`: a unit in the user's editor, on a copy, which lands by a plan when systemd would take it."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mkunit.cli import editing, generated, installed, installing, rights, site
from mkunit.cli.editing import Work
from mkunit.cli.installed import Found
from mkunit.cli.ui import Ui
from mkunit.errors import CheckError, DeniedError, Diagnostic, MkunitError, Origin, RefusedError, Severity
from mkunit.model.name import is_name
from mkunit.model.plan import Plan
from mkunit.model.unit import UnitFile
from mkunit.pipeline import deploy, edits
from mkunit.reporter import plans
from mkunit.runner import Manner
from mkunit.system import abilities, editor
from mkunit.system.files import read
from mkunit.system.live import Live

USAGE = "mkunit edit NAME [options]"
_SETTLE = 1.0  # seconds; somebody watches
_BUSY = 60.0


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Edit a unit in $VISUAL or $EDITOR, on a copy that is checked before it lands; what fails is taken back. Of a\n"
        "unit that came with the system a drop-in is edited, which the next update leaves alone. `mkunit remove NAME`\n"
        "takes an edit away again."
    )
    parser.epilog = (
        "examples:\n  mkunit edit web\n  mkunit edit nginx --restart\n  mkunit edit nginx --full\n"
        "  printf '[Service]\\nMemoryMax=2G\\n' | mkunit edit nginx --stdin --drop-in 20-memory.conf"
    )
    parser.add_argument("name", metavar="NAME", help="the unit, with or without its suffix")
    parser.add_argument("--full", action="store_true", help="a copy of the whole file, instead of a drop-in")
    parser.add_argument("--drop-in", metavar="FILE", help="a drop-in of this name (default: override.conf)")
    parser.add_argument("--stdin", action="store_true", help="take the whole text from standard input, not an editor")
    parser.add_argument("--restart", action="store_true", help="restart it where that is needed, without asking")
    parser.add_argument("--force", action="store_true", help="edit what a project's build has made, too")
    installed.arguments(parser)


def run(given: Namespace, ui: Ui) -> int:
    found = _real(installed.find(given.name, given.scope, ui))
    rights.own_systemd(found.machine.scope, ui)
    work = editing.work(found, full=given.full, drop_in=given.drop_in)
    if not given.force and (made := generated.made(found, work, given)):
        way = generated.instead(made, work, ui)
        if way == "source" and made.place:
            return _source(found, work._replace(place=made.place), ui)
        if way != "drop-in":
            return _done(found, work, "", ui)
        work = editing.work(found, full=False, drop_in=editing.USUAL)
    if not abilities.can_write(work.place.parent):
        hint = "run it with sudo" if found.machine.scope == "system" else None
        raise DeniedError(Diagnostic("permission", f"`{work.place.parent}` is not yours to write in", hint))
    after = _given(found, work, ui) if given.stdin else editing.edited(found, work, ui)
    if after is None:
        return _done(found, work, "", ui)
    _landed(found, work, after, given, ui)
    return _done(found, work, "new" if work.before is None else "changed", ui)


def _done(found: Found, work: Work, change: str, ui: Ui) -> int:
    if not change:
        ui.say("nothing was changed")
    if ui.json:
        row = {"name": found.name, "scope": found.machine.scope, "path": str(work.place)}
        ui.document({**row, "change": change or "unchanged"})
    return 0


def _source(found: Found, work: Work, ui: Ui) -> int:
    """What the file is made from, where it is: there the change lasts."""
    editor.edit(editor.command(), work.place)
    ui.say("`mkunit plan` shows what that changes here")
    return _done(found, work, "changed", ui)


def _real(found: Found) -> Found:
    """The unit that another name of it leads to: its own is the one that systemd lists."""
    name = found.file.resolve().name
    is_other = name != found.name and found.file.is_symlink() and is_name(name)
    return found._replace(name=name) if is_other and Path(name).suffix == Path(found.name).suffix else found


def _given(found: Found, work: Work, ui: Ui) -> str | None:
    """The text from standard input, where systemd would take it."""
    text = editing.kept(sys.stdin.read())
    if not text.strip() or text == work.before:
        return None
    with editor.copy(work.path, text) as place:
        if editing.is_wrong(found, place, work, ui):
            raise CheckError(Diagnostic("not-changed", "nothing was changed", None, Origin(str(work.place))))
    return text


def _landed(found: Found, work: Work, after: str, given: Namespace, ui: Ui) -> None:
    """Put it in force; where that does not succeed, what was written in an editor is not lost."""
    try:
        _land(found, work, after, given, ui)
    except MkunitError as error:
        if given.stdin:
            raise
        kept = f"what you wrote is kept in `{editor.keep(work.path, after)}`"
        raise type(error)(*error.diagnostics, Diagnostic("kept", kept, severity=Severity.INFO)) from None


def _land(found: Found, work: Work, after: str, given: Namespace, ui: Ui) -> None:
    live = Live(found.machine.scope)
    file = UnitFile(found.name, live.scope, work.path, after, None)
    with edits.site(live, work.path).locked(0.0):
        at = edits.site(live, work.path)
        deploy.recover(at, Manner(settle=_SETTLE))
        if read(work.place) != work.before:
            message = "was changed meanwhile"
            raise RefusedError(Diagnostic("changed-meanwhile", message, "edit it again", Origin(str(work.place))))
        is_new = edits.owner(live, work.path) is None
        if ui.rich:
            ui.diff(str(work.place), work.before, after)
        plan = _agreed(live, file, given, ui)
        receipt = deploy.apply(at, plan, Manner(settle=_SETTLE))
    ui.diagnostics((*plan.notes, *receipt.warnings))
    installing.report(ui, plan, [file])
    _mention(found, work, plan, ui, is_new=is_new)


def _agreed(live: Live, file: UnitFile, given: Namespace, ui: Ui) -> Plan:
    """The plan with the restart that it takes, where the user wants that; else everything runs as it runs."""
    found = edits.plan(live, file, _BUSY, holds=False)
    site.refused([found])
    held = edits.plan(live, file, _BUSY, holds=True)
    if given.restart or held.steps == found.steps:
        return found
    if ui.interactive:
        for change in found.changes:
            ui.say(f"{plans.action(change)}: {change.reason}")
        if ui.confirm(f"Restart {file.name}?"):
            return found
    return held


def _mention(found: Found, work: Work, plan: Plan, ui: Ui, *, is_new: bool) -> None:
    """What is left to do, and the way back."""
    scope = " --user" if plan.scope == "user" else ""
    for change in plan.changes:
        if change.action == "pending":
            ui.say(f"pending: {change.reason}; `systemctl{scope} restart {change.unit}` puts it in force")
    if is_new:
        what = "takes it away again" if work.before is None else "brings back what was there"
        ui.say(f"it is mkunit's now: `mkunit remove {found.name}` {what}")
