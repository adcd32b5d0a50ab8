"""`mkunit status`: how units stand, one by one from near, and whether all is well, as an exit code."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from mkunit.cli import closeups, installed, site, standing
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, OutOfDateError, Severity, SystemdError
from mkunit.model.name import is_name
from mkunit.model.plan import IDLE
from mkunit.pipeline import closeup, survey
from mkunit.pipeline.closeup import Closeup
from mkunit.pipeline.deploy import Site
from mkunit.pipeline.survey import Standing
from mkunit.system.everyone import machine
from mkunit.system.live import Live

USAGE = "mkunit status [NAME…] [options]"
WELL, FAILED, WAITS = 0, SystemdError.exit_code, OutOfDateError.exit_code
_LINES = 10
_EPILOG = """exit codes:
  0 all is well; a unit that merely does not run is well
  3 there is no such unit
  5 a unit has failed, or systemd cannot load it
  6 changes wait: a file is not as applied, or a restart was put off

examples:
  mkunit status
  mkunit status web
  mkunit status 'web*' --quiet || echo something is wrong
  mkunit status ssh.socket --json"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Say how units stand: whether they run, who changed their files, what waits for a restart. Without NAME all"
        " that mkunit has installed, in a table; a unit that is named is shown from near, whoever installed it: its"
        " processes, listeners, next run, and the end of its log. The exit code tells whether all is well."
    )
    parser.epilog = _EPILOG
    standing.arguments(parser)
    parser.add_argument(
        "-n", "--lines", type=int, default=_LINES, metavar="N", help=f"so many lines of the log ({_LINES}); 0 for none"
    )


def run(given: Namespace, ui: Ui) -> int:
    site.interrupted(list(standing.sites(given)), ui)
    every = standing.rows(given)
    near = [
        one
        for name in dict.fromkeys(given.names)
        if not standing.is_pattern(name)
        for one in _near(name, every, given, ui)
    ]
    near = list({(one.standing.scope, one.standing.unit): one for one in near}.values())
    patterns = [name for name in given.names if standing.is_pattern(name)]
    rows = [row for row in every if standing.is_meant(row, patterns)] if given.names else every
    _show(rows, near, ui)
    both = [*rows, *(one.standing for one in near)]
    if not ui.quiet and not ui.json:
        ui.diagnostics(dict.fromkeys(_findings(both, near, given)))
    return _code(both, near)


def _show(rows: Sequence[Standing], near: Sequence[Closeup], ui: Ui) -> None:
    now = time.time()
    if ui.json:
        ui.document({"units": [*map(standing.document, rows), *map(closeups.document, near)]})
    elif ui.quiet:
        return
    elif rows:
        standing.show(rows, now, ui, ("kind", "next run"))
    elif not near:
        ui.say("mkunit has installed nothing here")
    if near and not ui.json:
        closeups.show(near, now, ui)


def _code(rows: Sequence[Standing], near: Sequence[Closeup]) -> int:
    """How all of them are in one number: the gravest wins."""
    if any(row.has_failed for row in rows):
        return FAILED
    return WAITS if any(row.drift or row.pending for row in rows) or any(one.reload for one in near) else WELL


def _near(name: str, every: Sequence[Standing], given: Namespace, ui: Ui) -> Iterator[Closeup]:
    """The units of a name: ours, else anybody's; NoSuchUnitError where there is none."""
    mine = [row for row in every if standing.is_meant(row, [name])]
    for row in mine:
        live = machine(row.scope, site.root(given))
        yield closeup.ours(row, survey.scene(live), _paths(row, live), 0 if ui.quiet else given.lines)
    if not mine:
        yield _foreign(name, every, given, ui)


def _paths(row: Standing, live: Live) -> frozenset[str]:
    """The files of a unit of ours."""
    pieces = Site(row.project, live).records.current().pieces
    return frozenset(f"{live.folder}/{piece.path}" for piece in pieces if piece.unit == row.unit)


def _foreign(name: str, every: Sequence[Standing], given: Namespace, ui: Ui) -> Closeup:
    if given.root:
        raise standing.no_such([name], every, "`mkunit list` shows what mkunit has installed")
    lines = 0 if ui.quiet else given.lines
    try:
        there = installed.find(name, given.scope, ui)
        full, scope, path = there.name, there.machine.scope, str(there.file)
    except NoSuchUnitError:
        # What systemd made itself, a scope, a device or a transient unit, has no file.
        if not is_name(name):
            raise
        for scope in [given.scope] if given.scope else site.SCOPES:
            if one := closeup.found(name, survey.scene(Live(scope)), "", lines):
                return one
        raise
    one = closeup.found(full, survey.scene(Live(scope)), path, lines)
    return one or Closeup(survey.alone(full, survey.Scene(Live(scope), {}, {}), IDLE), path=str(Path(path)))


def _findings(rows: Sequence[Standing], near: Sequence[Closeup], given: Namespace) -> Iterator[Diagnostic]:
    """What a person may want to do something about."""
    named = {one.standing.unit: one for one in near}
    for row in rows:
        flag = " --user" if row.scope == "user" else ""
        if row.has_failed:
            how = "logs" if row.unit in named else "status"
            hint = f"`mkunit {how} {row.unit}` " + ("shows all that it said" if how == "logs" else "says why")
            yield Diagnostic("failed", f"`{row.unit}` has failed", hint, unit=row.unit)
        if row.drift:
            hint = "`mkunit plan` in its project shows what is different"
            yield Diagnostic("drift", f"`{row.unit}`: its files are not as applied: {row.drift}", hint,
                             severity=Severity.WARNING, unit=row.unit)  # fmt: skip
        if row.pending:
            hint = f"`systemctl{flag} restart {row.unit}` at a time that suits you"
            yield Diagnostic("pending", f"`{row.unit}` still runs its old definition: {row.pending}", hint,
                             severity=Severity.WARNING, unit=row.unit)  # fmt: skip
        if row.unit in named and named[row.unit].reload:
            message = f"`{row.unit}`: systemd has not read its file since it was changed"
            yield Diagnostic("reload", message, f"`systemctl{flag} daemon-reload`",
                             severity=Severity.WARNING, unit=row.unit)  # fmt: skip
