"""`--install`, `--enable`, `--start`: everything that can be known is checked before anything is touched."""

from argparse import Namespace
from pathlib import Path

from mkunit.cli import writing
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, SystemdError
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit, UnitFile
from mkunit.system import abilities, installer
from mkunit.system.files import read
from mkunit.system.local import Local


def install(given: Namespace, ui: Ui, unit: Unit, file: UnitFile, shown: str | None) -> int:
    """Put a unit into its scope's folder, and let systemd know; with `--dry-run` only say what would be done."""
    machine = Local(file.scope)
    place = machine.folder / file.path
    before = read(place)
    started = triggered(unit)
    steps = installer.steps(machine, unit, before != file.text, started and started[0], given.enable, given.start)
    if given.dry_run:
        _show(ui, place, before, file.text, steps)
        return 0
    abilities.check(machine, unit)
    _check(machine, given, unit)
    if before != file.text:
        writing.settle(place, before, file.text, given, ui)
    if shown is not None and given.output != "-" and (given.output or given.python):
        writing.write(given.output or writing.default(given, unit), shown, given, ui)
    for done in installer.install(machine, place, before, file.text, steps):
        ui.say(done)
    return 0


def _show(ui: Ui, place: Path, before: str | None, after: str, steps: list[installer.Step]) -> None:
    if before == after:
        ui.say(f"unchanged {place}")
    elif not ui.quiet:
        ui.diff(str(place), before, after)
    for step in steps:
        ui.say(f"would {step}")


def _check(machine: Local, given: Namespace, unit: Unit) -> None:
    """What would make systemd refuse."""
    if given.start and not machine.is_running():
        what = "no systemd runs this machine" if machine.scope == "system" else "no systemd runs for this user"
        hint = (
            "leave out `--start`"
            if machine.scope == "system"
            else "log in, or `loginctl enable-linger`; or use `--system`"
        )
        raise SystemdError(Diagnostic("no-systemd", what, hint))
    found = triggered(unit)
    if not (given.start and found):
        return
    service = found[0]
    if machine.find(service) is None:
        where = "system" if machine.scope == "system" else "user"
        message = f"there is no `{service}` in {where} scope, and systemd would refuse to start `{unit}` without it"
        hint = f"install `{service}` first, name another with `--unit`, or leave out `--start`"
        raise NoSuchUnitError(Diagnostic("no-such-unit", message, hint, unit=service))
