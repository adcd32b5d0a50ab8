"""Files of the user's that one-off commands write: what differs is shown first, and needs a yes or `--force`."""

from argparse import Namespace
from pathlib import Path

from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, Origin, RefusedError
from mkunit.model.unit import Unit
from mkunit.system.files import Changes, read


def default(given: Namespace, unit: Unit) -> str:
    """The file in the current folder that a unit goes to."""
    return f"{unit.name.rpartition('.')[0]}.py" if given.python else unit.name


def write(path: str, text: str, given: Namespace, ui: Ui) -> None:
    """Write a file whole, where it may be written."""
    place = folder(given) / path
    before = read(place)
    if before == text and not place.is_symlink():
        ui.say(f"unchanged {path}")
        return
    settle(place, before, text, given, ui, path)
    change = Changes()
    change.write(place, text)
    change.commit()
    ui.say(f"{'new' if before is None else 'changed'} {path}")


def settle(place: Path, before: str | None, after: str, given: Namespace, ui: Ui, written: str | None = None) -> None:
    """Return only where the file may be replaced; `written` is its path as the user wrote it."""
    shown = written or str(place)
    if wrong := _in_the_way(place):
        raise RefusedError(Diagnostic("foreign-file", *wrong, Origin(shown)))
    if before is None or given.force:
        return
    ui.diff(shown, before, after)
    if not (ui.interactive and ui.confirm(f"Replace {shown}?")):
        hint = "say yes, or give `--force`" if ui.interactive else "give `--force` to replace it"
        raise RefusedError(Diagnostic("file-differs", "is there already, and differs", hint, Origin(shown)))


def _in_the_way(place: Path) -> tuple[str, str] | None:
    """What is at a place that is no regular file, and what to do about it."""
    if place.is_symlink():
        return f"is a link to `{place.readlink()}`", "name that file, or remove the link"
    if place.is_dir():
        return "is a folder", "name a file in it"
    if place.exists() and not place.is_file():
        return "is no regular file", "name another, or `-` for standard output"
    return None
