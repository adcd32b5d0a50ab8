"""`mkunit link`: unit files that stay where they are, known to systemd by links; no file is ever destroyed."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from mkunit import parser as reader
from mkunit.cli import rights, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import (
    CheckError,
    DeniedError,
    Diagnostic,
    MkunitError,
    NoSuchUnitError,
    Origin,
    RefusedError,
    UsageError,
)
from mkunit.system import abilities
from mkunit.system.links import Links
from mkunit.system.local import Local

USAGE = "mkunit link FILE… [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Make unit files known to systemd by links to where they are. Nothing is ever overwritten."
    parser.epilog = "examples:\n  mkunit link ./web.service\n  mkunit link --system /srv/units/*.service"
    parser.add_argument("files", nargs="+", metavar="FILE", help="unit files")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="for the system")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="for yourself (default)")


def run(given: Namespace, ui: Ui) -> int:
    machine = Local(given.scope or "user")
    sources = [_source(name, given, ui, machine) for name in given.files]
    if len({source.name for source in sources}) < len(sources):
        raise UsageError(Diagnostic("usage", "two of the files have the same name", "leave one of them out"))
    waiting = [source for source in sources if not _is_linked(machine.folder / source.name, source, ui)]
    if not given.dry_run:
        _make(machine, waiting, ui)
    if ui.json:
        rows = [_row(machine.folder / source.name, source, source in waiting) for source in sources]
        ui.document({"links": rows})
    if given.dry_run:
        for source in waiting:
            ui.say(f"would link {machine.folder / source.name} to {source}")
    return 0


def _row(place: Path, source: Path, is_new: bool) -> dict[str, object]:
    return {"path": str(place), "target": str(source), "change": "new" if is_new else "unchanged"}


def _make(machine: Local, waiting: Sequence[Path], ui: Ui) -> None:
    rights.own_systemd(machine.scope, ui)
    if waiting and not abilities.can_write(machine.folder):
        hint = "run it with sudo, or without `--system` for a unit of your own"
        raise DeniedError(Diagnostic("permission", f"`{machine.folder}` is not yours to write in", hint))
    links = Links(machine)
    links.make(waiting)
    for source in waiting:
        ui.say(f"linked {machine.folder / source.name} to {source}")


def _source(name: str, given: Namespace, ui: Ui, machine: Local) -> Path:
    """A unit file that systemd could read, by its whole path."""
    path = Path(os.path.normpath(folder(given) / name))
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "there is no such file"
        raise NoSuchUnitError(Diagnostic("no-such-unit", what, "name a unit file", Origin(name)))
    if not reader.is_unit_file(path) or path.suffix == ".conf":
        hint = "name it after its kind, such as `web.service`"
        raise UsageError(Diagnostic("bad-name", "is not named as a unit file is", hint, Origin(name)))
    systemd = validate.installed() or validate.wanted(path.parent)
    for report in validate.examine([reader.load(path, name, systemd)], systemd, machine.scope):
        if report.found:
            validate.show(report, Ui(color=ui.color, rich=ui.rich), systemd)
        if report.fails(strict=False):
            raise CheckError(Diagnostic("not-linked", "systemd would not take it as it is", None, Origin(name)))
    return path


def _is_linked(place: Path, source: Path, ui: Ui) -> bool:
    """Whether the link is there already; RefusedError where something else is in its place."""
    if place.is_symlink() and place.resolve() == source.resolve():
        ui.say(f"unchanged {place}")
        return True
    if place == source:
        message, hint = "lies in systemd's own folder: there is nothing to link", "leave it where it is"
    elif place.is_symlink():
        message, hint = f"is a link to `{place.readlink()}` already", "remove that link first, if it is not needed"
    elif place.exists():
        message, hint = "is there already", "move it away first, if it is not needed"
    else:
        return False
    error: MkunitError = RefusedError(Diagnostic("foreign-file", message, hint, Origin(str(place))))
    raise error
