"""A file of a unit in the user's editor: which one, what to start from, and what systemd would make of the text."""

from pathlib import Path
from typing import NamedTuple

from mkunit import parser as reader
from mkunit.cli import show, validate
from mkunit.cli.installed import Found
from mkunit.cli.ui import Ui
from mkunit.errors import CheckError, Diagnostic, Origin, UsageError
from mkunit.model.unit import UnitFile
from mkunit.pipeline import edits
from mkunit.system import editor
from mkunit.system.files import read
from mkunit.system.live import Live

USUAL = "override.conf"
_BELOW = "### What stands below is not kept: it is the unit as it is now."


class Work(NamedTuple):
    """What is edited: where it will land, its path below the unit folder, its text now, and the text to start from."""

    place: Path
    path: str
    before: str | None
    start: str


def work(found: Found, *, full: bool, drop_in: str | None) -> Work:
    """The unit's own file, or a drop-in of a unit that came with the system."""
    folder = found.machine.folder
    own = folder / found.name
    is_own = own.is_file() and not own.is_symlink()
    if full or (is_own and not drop_in):
        text = read(own) if is_own else None
        return Work(own, found.name, text, text if text is not None else read(found.file) or "")
    path = f"{found.name}.d/{_conf(drop_in or USUAL)}"
    below = "\n".join(
        f"# {line}" for path in show.files(found) for line in [str(path), *(read(path) or "").split("\n")]
    )
    before = read(folder / path)
    return Work(folder / path, path, before, f"{before or ''}\n\n{_BELOW}\n{below}\n")


def _conf(name: str) -> str:
    """The file of a drop-in; it is a name, and no path."""
    if "/" in name or name.startswith(".") or not name.isprintable():
        raise UsageError(Diagnostic("usage", f"`--drop-in {name}` is no name of a file", f"write `--drop-in {USUAL}`"))
    return name if name.endswith(".conf") else f"{name}.conf"


def edited(found: Found, work: Work, ui: Ui) -> str | None:
    """The text that the user settles on; None where it stays as it is."""
    program = editor.command()
    with editor.copy(work.path, work.start) as place:
        while True:
            after = kept(editor.edit(program, place))
            if not after.strip() or after in (work.before, work.start):
                return None
            place.write_text(after, encoding="utf-8", errors="surrogateescape")
            if not is_wrong(found, place, work, ui):
                return after
            if not ui.interactive or ui.ask("Edit it again, or discard it? [E/d]", "e").lower().startswith("d"):
                raise CheckError(Diagnostic("not-changed", "the change is discarded", None, Origin(str(work.place))))


def kept(text: str) -> str:
    """What is above the line that says so, with a newline at its end."""
    above, below, _ = text.partition(_BELOW)
    if below and above.strip():
        return above.rstrip() + "\n"
    return text if text.endswith("\n") or not text else f"{text}\n"


def is_wrong(found: Found, place: Path, work: Work, ui: Ui) -> bool:
    """Say what systemd would make of the text; whether anything of it is an error, or would be ignored."""
    systemd = validate.installed() or validate.wanted(work.place.parent)
    loaded = reader.load(place, str(work.place), systemd)
    (report,) = validate.examine([loaded], systemd, found.machine.scope)
    if report.found:
        validate.show(report, Ui(color=ui.color, rich=ui.rich), systemd)
    if report.fails(strict=False):
        return True
    file = UnitFile(found.name, found.machine.scope, work.path, read(place) or "", None)
    complaints = edits.complaints(Live(found.machine.scope), file)
    ui.diagnostics(complaints)
    return bool(complaints)
