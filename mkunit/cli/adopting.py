"""`mkunit import --adopt`: the files that were imported become mkunit's, by an apply of the project."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from mkunit.cli.folder import folder
from mkunit.cli.parser import parse
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, UsageError
from mkunit.importer import Sheet
from mkunit.settings import find
from mkunit.system.live import Live


def sensible(given: Namespace) -> None:
    """Refuse, before anything is written, what cannot be applied or would not be the same."""
    if not given.output or given.output == "-":
        raise _usage("`--adopt` needs a units file to apply", "name one by `-o`, such as `-o units/web.py`")
    if given.merge:
        hint = "leave one of them out: without `--merge` the drop-ins are taken over as they are"
        raise _usage("`--adopt` leaves the drop-ins where they are, and `--merge` would repeat them", hint)
    place, units = folder(given) / given.output, find(folder(given)).units
    if units.resolve() not in (place.resolve(), *place.resolve().parents):
        raise _usage(f"`{given.output}` is not in the project's units folder", f"write into {units.name}/")


def _usage(message: str, hint: str) -> UsageError:
    return UsageError(Diagnostic("usage", message, hint))


def adopt(given: Namespace, ui: Ui, sheets: Sequence[Sheet]) -> int:
    """Apply the project, with leave to replace the files that were imported, where they lie in its unit folder."""
    paths = [
        sheet.unit.path
        for sheet in sheets
        if (Path(Live(sheet.unit.scope or "system").folder) / sheet.unit.path).exists()
    ]
    manners = [
        flag for flag, is_on in (("--quiet", ui.quiet), ("--verbose", ui.verbose), ("--yes", given.yes)) if is_on
    ]
    argv = ["apply", "-C", str(folder(given)), *manners, *(f"--adopt={path}" for path in paths)]
    command, arguments, _ = parse(argv, os.environ)
    return command(arguments, ui)
