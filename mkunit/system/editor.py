"""The user's editor on a copy of a file; no shell is given its name."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkunit.errors import Diagnostic, MkunitError, UsageError

_USUAL = ("editor", "nano", "vim", "vi")


def command() -> list[str]:
    """$VISUAL, else $EDITOR, else what is usually there, with its arguments."""
    for variable in ("VISUAL", "EDITOR"):
        if text := os.environ.get(variable, "").strip():
            try:
                return shlex.split(text)
            except ValueError as error:
                raise UsageError(
                    Diagnostic("no-editor", f"${variable} cannot be read: {error}", "set it anew")
                ) from None
    if found := next(filter(None, map(shutil.which, _USUAL)), None):
        return [found]
    raise UsageError(Diagnostic("no-editor", "there is no editor", "name one in $EDITOR"))


@contextmanager
def copy(path: str, text: str) -> Iterator[Path]:
    """A file of that name, or path below a folder, in a place of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mkunit-edit-") as folder:
        place = Path(folder, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", errors="surrogateescape")
        yield place


def edit(editor: list[str], place: Path) -> str:
    """Let the user change a file; MkunitError where the editor fails. Ctrl-C is the editor's meanwhile."""
    held = signal.signal(signal.SIGINT, lambda *_: None)  # not ignored: the editor would inherit that
    try:
        code = subprocess.run([*editor, str(place)], check=False).returncode
    except OSError as error:
        message = f"`{editor[0]}` cannot be run: {error.strerror}"
        raise UsageError(Diagnostic("no-editor", message, "name an editor in $EDITOR")) from None
    finally:
        signal.signal(signal.SIGINT, held)
    if code:
        raise MkunitError(Diagnostic("editor-failed", f"`{editor[0]}` ended with {code}: nothing was changed"))
    try:
        return place.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""


def keep(path: str, text: str) -> Path:
    """A file that stays, for what could not be put where it belongs."""
    place = Path(tempfile.mkdtemp(prefix="mkunit-kept-"), Path(path).name)
    place.write_text(text, encoding="utf-8", errors="surrogateescape")
    return place
