"""`mkunit show`: the file of an installed unit with its drop-ins, in the order in which systemd reads them."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mkunit import parser as reader
from mkunit.cli import installed
from mkunit.cli.installed import Found
from mkunit.cli.ui import Ui
from mkunit.reporter.clean import printable
from mkunit.system.files import read

USAGE = "mkunit show NAME [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Show the files of an installed unit as systemd reads them: its own, then its drop-ins."
    parser.epilog = "examples:\n  mkunit show web\n  mkunit show --path ssh.socket"
    parser.add_argument("name", metavar="NAME", help="the unit, with or without its suffix")
    parser.add_argument("--path", action="store_true", help="only where the files are")
    installed.arguments(parser)


def run(given: Namespace, ui: Ui) -> int:
    found = installed.find(given.name, given.scope, ui)
    paths = files(found)
    if ui.json:
        rows = [{"path": str(path), "text": read(path) or ""} for path in paths]
        ui.document({"name": found.name, "scope": found.machine.scope, "files": rows, "reload": _waits(found)})
    elif given.path:
        ui.data("".join(f"{path}\n" for path in paths))
    elif ui.rich and sys.stdout.isatty():
        from mkunit.reporter import units  # rich is slow to import, and only a terminal needs it

        units.files([(str(path), _text(path)) for path in paths], ui.color)
    else:
        ui.data("\n".join(f"# {path}\n{_text(path)}" for path in paths))
    if _waits(found):
        ui.say("systemd has not read it since it was changed: `systemctl daemon-reload`")
    return 0


def files(found: Found) -> list[Path]:
    """The unit's own file, then its drop-ins."""
    names = [found.name, *([found.file.name] if found.file.name != found.name else [])]
    names += reader.aliases(found.name, found.folders)
    return [found.file, *reader.ordered(list(dict.fromkeys(names)), found.folders)]


def _text(path: Path) -> str:
    if path.is_symlink() and path.resolve() == Path("/dev/null"):
        return "# masked: it is a link to /dev/null\n"
    text = read(path) or ""
    text = "\n".join(map(printable, text.split("\n"))) if sys.stdout.isatty() else text
    return text if text.endswith("\n") or not text else f"{text}\n"


def _waits(found: Found) -> bool:
    """Whether the manager still has an older version of the unit."""
    if not found.machine.is_running() or found.name.rpartition(".")[0].endswith("@"):
        return False
    return found.machine.properties(found.name, "NeedDaemonReload").get("NeedDaemonReload") == "yes"
