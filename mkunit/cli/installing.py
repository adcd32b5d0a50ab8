"""`--install`, `--enable`, `--start`: everything that can be known is checked before anything is touched."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from mkunit.cli import rights, writing
from mkunit.cli.ui import Ui
from mkunit.cli.writing import Written
from mkunit.errors import Diagnostic, NoSuchUnitError, SystemdError, UsageError
from mkunit.model.graph import triggered
from mkunit.model.plan import Plan, Step
from mkunit.model.unit import Unit, UnitFile
from mkunit.pipeline import deploy, oneoffs
from mkunit.pipeline.deploy import Site
from mkunit.runner import Manner
from mkunit.system import abilities
from mkunit.system.everyone import GLOBAL, machine
from mkunit.system.files import read
from mkunit.system.local import Local
from mkunit.system.place import ONE_OFFS

_SETTLE = 1.0  # seconds; one unit from the command line has somebody who watches it
_BUSY = 60.0
_DONE = {"daemon-reload": "systemd has read it", "start": "started", "restart": "restarted", "stop": "stopped"}


def install(given: Namespace, ui: Ui, units: Sequence[Unit], files: Sequence[UnitFile]) -> list[Written]:
    """Put units of one scope into its folder, and let systemd know; with `--dry-run` only say what would be done.

    The first is what is enabled and started; the others are what it starts.
    """
    site = Site(ONE_OFFS, machine(GLOBAL if given.for_all else files[0].scope))
    _sensible(given, units[0])
    if not given.dry_run:
        rights.for_root(site.live.scope)
        _possible(given, ui, units, files, site.live.local)
    with nullcontext() if given.dry_run else site.locked(0.0):
        if not given.dry_run:
            deploy.recover(site, Manner(settle=_SETTLE))
        enable = units[0].name if given.enable and not units[0].parts.is_template else None
        plan = oneoffs.plan(
            site, files, enable, units[0].name if given.start else None, 0.0 if given.dry_run else _BUSY
        )
        if given.dry_run:
            _show(ui, plan, files)
            return _written(plan, files)
        if given.output != "-" and (given.output or given.python):
            writing.write_units(given, ui, units, files)
        receipt = deploy.apply(site, plan, Manner(settle=_SETTLE))
    ui.diagnostics((*plan.notes, *receipt.warnings))
    report(ui, plan, files)
    if given.enable:
        rights.mention_linger(site.live.scope, ui)
    return _written(plan, files)


def _written(plan: Plan, files: Sequence[UnitFile]) -> list[Written]:
    changes = {op.path: "new" if op.before is None else "changed" for op in plan.files}
    return [Written(str(Path(plan.folder, file.path)), changes.get(file.path, "unchanged")) for file in files]


def _possible(given: Namespace, ui: Ui, units: Sequence[Unit], files: Sequence[UnitFile], machine: Local) -> None:
    """Everything that can be known beforehand, and the user's yes where a file differs."""
    rights.own_systemd(machine.scope, ui)
    for unit in units:
        abilities.check(machine, unit)
    _check(machine, given, units)
    for file in files:
        place = machine.folder / file.path
        before = read(place)
        if before != file.text or place.is_symlink():
            writing.settle(place, before, file.text, given, ui)


def _show(ui: Ui, plan: Plan, files: Sequence[UnitFile]) -> None:
    ui.diagnostics((*plan.refusals, *plan.notes))
    changed = {op.path for op in plan.files}
    for file in files:
        if file.path not in changed:
            ui.say(f"unchanged {Path(plan.folder, file.path)}")
    if not ui.quiet:
        for op in plan.files:
            ui.diff(str(Path(plan.folder, op.path)), op.before, op.after)
    for line in _lines(plan):
        ui.say(f"would {line}")


def _lines(plan: Plan) -> list[str]:
    """The steps; what `write` stands for is named."""
    written = [f"write {Path(plan.folder, op.path)}" for op in plan.files]
    linked = [f"enable {unit}" for unit in _enabled(plan)]
    return [line for step in plan.steps for line in ((*written, *linked) if step.verb == "write" else (str(step),))]


def _enabled(plan: Plan) -> list[str]:
    return list(dict.fromkeys((op.after or op.before or "").rpartition("/")[2] for op in plan.links))


def report(ui: Ui, plan: Plan, files: Sequence[UnitFile]) -> None:
    """What was done, in words."""
    for file in files:
        done = any(op.path == file.path for op in plan.files)
        ui.say(f"{'unit file written' if done else 'unchanged'} {Path(plan.folder, file.path)}")
    for step in plan.steps:
        for line in _past(step, plan):
            ui.say(line)


def _past(step: Step, plan: Plan) -> list[str]:
    if step.verb == "write":
        return [f"enabled {unit}" for unit in _enabled(plan)]
    return [" ".join((_DONE[step.verb], *step.units))] if step.verb in _DONE else []


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
