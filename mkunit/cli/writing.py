"""Files of the user's that one-off commands write: what differs is shown first, and needs a yes or `--force`."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mkunit.cli import oneoff
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, Origin, RefusedError
from mkunit.model.unit import Unit, UnitFile
from mkunit.reporter.clean import printable
from mkunit.system.files import Changes, read


class Written(NamedTuple):
    """A file, and whether it is new, changed or unchanged."""

    path: str
    change: str


def write_units(given: Namespace, ui: Ui, units: Sequence[Unit], files: Sequence[UnitFile]) -> list[Written]:
    """Write units where the flags say: into files of their own, or all into one units file."""
    if oneoff.is_python(given):
        from mkunit.renderer import source  # only where Python is asked for

        return [write(given.output or f"{units[0].name.rpartition('.')[0]}.py", source.text(units), given, ui)]
    places = _places(given, files)
    for path, file in zip(places, files, strict=True):  # all of them may be written before the first is
        _check(path, file.text, given, ui)
    return [_put(path, file.text, given, ui) for path, file in zip(places, files, strict=True)]


def _places(given: Namespace, files: Sequence[UnitFile]) -> list[str]:
    """Where each file goes: `--output` names the first, beside which the others are, or a folder for all."""
    output: str = given.output or ""
    if output.endswith("/") or (output and (folder(given) / output).is_dir()):
        return [str(Path(output, file.name)) for file in files]
    others = (str(Path(output).with_name(file.name)) if output else file.name for file in files[1:])
    return [output or files[0].name, *others]


def write(path: str, text: str, given: Namespace, ui: Ui) -> Written:
    """Write a file whole, where it may be written."""
    _check(path, text, given, ui)
    return _put(path, text, given, ui)


def _check(path: str, text: str, given: Namespace, ui: Ui) -> None:
    place = folder(given) / path
    before = read(place)
    if before != text or place.is_symlink():
        settle(place, before, text, given, ui, path)


def _put(path: str, text: str, given: Namespace, ui: Ui) -> Written:
    place = folder(given) / path
    before = read(place)
    if before == text and not place.is_symlink():
        ui.say(f"unchanged {printable(path)}")
        return Written(path, "unchanged")
    change = Changes()
    change.write(place, text)
    change.commit()
    done = Written(path, "new" if before is None else "changed")
    ui.say(f"{done.change} {printable(path)}")
    return done


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
