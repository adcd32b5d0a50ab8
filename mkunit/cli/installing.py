"""`--install`, `--enable`, `--start`: everything that can be known is checked before anything is touched."""

from argparse import Namespace
from collections.abc import Sequence

from mkunit.cli import rights, writing
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, SystemdError, UsageError
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit, UnitFile
from mkunit.system import abilities, installer
from mkunit.system.files import read
from mkunit.system.installer import Placed
from mkunit.system.local import Local


def install(given: Namespace, ui: Ui, units: Sequence[Unit], files: Sequence[UnitFile]) -> int:
    """Put units of one scope into its folder, and let systemd know; with `--dry-run` only say what would be done.

    The first is what is enabled and started; the others are what it starts.
    """
    machine = Local(files[0].scope)
    placed = [_placed(machine, unit, file) for unit, file in zip(units, files, strict=True)]
    _sensible(given, units[0])
    steps = installer.steps(machine, placed, given.enable, given.start)
    if given.dry_run:
        _show(ui, placed, steps)
        return 0
    rights.own_systemd(machine.scope, ui)
    for unit in units:
        abilities.check(machine, unit)
    _check(machine, given, units)
    for one in placed:
        if one.changed:
            writing.settle(one.place, one.before, one.after, given, ui)
    if given.output != "-" and (given.output or given.python):
        writing.write_units(given, ui, units, files)
    installer.install(machine, placed, steps, ui.say)
    if given.enable:
        rights.mention_linger(machine.scope, ui)
    return 0


def _placed(machine: Local, unit: Unit, file: UnitFile) -> Placed:
    place = machine.folder / file.path
    return Placed(unit, place, read(place), file.text)


def _show(ui: Ui, placed: Sequence[Placed], steps: Sequence[installer.Step]) -> None:
    for one in placed:
        if not one.changed:
            ui.say(f"unchanged {one.place}")
        elif not ui.quiet:
            ui.diff(str(one.place), one.before, one.after)
    for step in steps:
        ui.say(f"would {step}")


def _sensible(given: Namespace, unit: Unit) -> None:
    """What is asked for, and can never have an effect."""
    if given.enable and not any(entry.section == "Install" and entry.value for entry in unit.entries):
        message = f"`{unit}` has no [Install] section: nothing would start it at boot"
        hint = "leave out `--enable`" + ("" if unit.kind == "slice" else ", or say `--set WantedBy=TARGET`")
        raise UsageError(Diagnostic("nothing-to-enable", message, hint))
    if given.start and unit.parts.is_template:
        message = f"`{unit}` is a template, which cannot be started itself"
        hint = f"leave out `--start`, and start an instance: `systemctl start {unit.parts.prefix}@one.{unit.kind}`"
        raise UsageError(Diagnostic("template", message, hint))


def _check(machine: Local, given: Namespace, units: Sequence[Unit]) -> None:
    """What would make systemd refuse."""
    if given.start and not machine.is_running():
        what = "no systemd runs this machine" if machine.scope == "system" else "no systemd runs for this user"
        hint = (
            "leave out `--start`"
            if machine.scope == "system"
            else "log in, or `loginctl enable-linger`; or use `--system`"
        )
        raise SystemdError(Diagnostic("no-systemd", what, hint))
    found = triggered(units[0])
    if not (given.start and found):
        return
    service = found[0]
    if service not in {unit.name for unit in units[1:]} and machine.find(service) is None:
        where = "system" if machine.scope == "system" else "user"
        message = f"there is no `{service}` in {where} scope, and systemd would refuse to start `{units[0]}` without it"
        hint = f"{_remedy(units[0], service)}, or leave out `--start`"
        raise NoSuchUnitError(Diagnostic("no-such-unit", message, hint, unit=service))


def _remedy(unit: Unit, service: str) -> str:
    if unit.kind == "automount":
        return f"install `{service}` first, or give it here with `--what`"
    return f"install `{service}` first, write it here with `--exec`, name another with `--unit`"
