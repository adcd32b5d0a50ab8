"""`mkunit import --cron` and `--procfile`: whose jobs they are, by where the file lies."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import DeniedError, Diagnostic, MkunitError, NoSuchUnitError, Origin
from mkunit.importer import cron, procfile
from mkunit.importer.cron import Crontab
from mkunit.importer.procfile import Procfile
from mkunit.importer.sheet import Sheet


def sheets(given: Namespace, ui: Ui) -> Iterator[Sheet]:
    """The units of all crontabs and Procfiles."""
    scope = given.scope or "system"
    for name in given.cron:
        place = folder(given) / name
        text = sys.stdin.read() if name == "-" else _text(place, name)
        found, notes = cron.read(Crontab(text, "crontab" if name == "-" else name, _user(place, scope), scope))
        ui.diagnostics(notes)
        yield from found
    for name in given.procfile:
        place = folder(given) / name
        has_env = place.with_name(".env").is_file()
        found, notes = procfile.read(Procfile(_text(place, name), name, place.resolve().parent, has_env, scope))
        ui.diagnostics(notes)
        yield from found


def _user(place: Path, scope: str) -> str | None:
    """Whose crontab it is: the system's have the user in each line, a spool's has the user's name; else root's."""
    if scope == "user":
        return ""
    if place.parent.name == "cron.d" or place.name == "crontab":
        return None
    return place.name if place.parent.name in ("crontabs", "cron", "tabs") else "root"


def _text(place: Path, name: str) -> str:
    try:
        return place.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        kind: type[MkunitError] = DeniedError if isinstance(error, PermissionError) else NoSuchUnitError
        raise kind(Diagnostic("unreadable-file", f"cannot be read: {error.strerror}", None, Origin(name))) from None
