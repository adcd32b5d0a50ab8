"""Files written whole or not at all: a temporary beside the place, then renamed (rename(2))."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from attrs import Factory, define

from mkunit.errors import DeniedError, Diagnostic, MkunitError, Origin, RefusedError
from mkunit.model.unit import MASK


def failed(path: Path, error: OSError) -> MkunitError:
    """What went wrong with a file, in words and with the right exit code."""
    kind = DeniedError if isinstance(error, PermissionError) else RefusedError
    hint = "run it as a user who may write there" if isinstance(error, PermissionError) else None
    return kind(Diagnostic("cannot-write", f"cannot write: {error.strerror}", hint, Origin(str(path))))


def read(path: Path) -> str | None:
    """The text of a regular file; None where there is none, or where it is no text."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else None
    except OSError as error:
        kind = DeniedError if isinstance(error, PermissionError) else RefusedError
        raise kind(Diagnostic("cannot-read", f"cannot read: {error.strerror}", None, Origin(str(path)))) from None


def is_mask(path: Path) -> bool:
    """Whether a path is a link to /dev/null."""
    return path.is_symlink() and os.readlink(path) == MASK  # noqa: PTH115  the text of the link, not a path


def text(path: Path) -> str | None:
    """What stands for the content of a file that is no other link: its text, or that it is a mask."""
    return (MASK if is_mask(path) else None) if path.is_symlink() else read(path)


@define
class Changes:
    """A set of writes and removals that happens as a whole: staged first, then renamed, undone where one fails.

    What can be made again need not be `durable`: to wait for the disk takes longer than all else (fsync(2)).
    """

    durable: bool = True
    staged: list[tuple[Path, Path]] = Factory(list)
    removals: list[Path] = Factory(list)
    folders: list[Path] = Factory(list)

    def write(self, path: Path, text: str, mode: int = 0o644) -> None:
        """Stage a file; nothing is at its place yet."""
        try:
            self._make_folder(path.parent)
            if text == MASK:
                self._mask(path)
                return
            handle, name = tempfile.mkstemp(prefix=f".{_short(path)}.", suffix=".tmp", dir=path.parent)
            self.staged.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
                file.flush()
                os.fchmod(file.fileno(), mode)
                if self.durable:
                    os.fsync(file.fileno())
        except BaseException as error:  # Ctrl-C too
            self.discard()
            if isinstance(error, OSError):
                raise failed(path, error) from None
            raise

    def _mask(self, path: Path) -> None:
        temporary = path.with_name(f".{_short(path)}.{os.getpid()}.tmp")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(MASK)
        self.staged.append((temporary, path))

    def remove(self, path: Path) -> None:
        self.removals.append(path)

    def _make_folder(self, folder: Path) -> None:
        missing = [p for p in (folder, *folder.parents) if not p.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o755, exist_ok=True)
            self.folders.append(path)

    def commit(self) -> None:
        """Put everything in place; where that fails, everything is as it was."""
        undo: list[tuple[Path, Path | None]] = []
        try:
            for temporary, path in self.staged:
                undo.append((path, _aside(path)))
                temporary.replace(path)
            for path in self.removals:
                undo.append((path, _aside(path)))
                path.unlink(missing_ok=True)
        except BaseException as error:
            for path, aside in reversed(undo):
                _restore(path, aside)
            self.discard()
            if isinstance(error, OSError):
                raise failed(Path(error.filename2 or error.filename or "?"), error) from None
            raise
        for _, aside in undo:
            if aside:
                with suppress(OSError):
                    aside.unlink(missing_ok=True)
        if self.durable:
            _sync({path.parent for path, _ in undo})
        self.staged.clear()

    def discard(self) -> None:
        """Take back what was staged, and the folders that were made for it."""
        for temporary, _ in self.staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()
        self.staged.clear()


def _aside(path: Path) -> Path | None:
    """A second name for a file that is about to go, by which it can be brought back."""
    if not (path.exists() or path.is_symlink()):
        return None
    aside = path.with_name(f".{_short(path)}.{os.getpid()}.old")
    aside.unlink(missing_ok=True)
    try:
        os.link(path, aside, follow_symlinks=False)
    except OSError:  # some file systems have no second names
        import shutil  # rarely needed

        shutil.copy2(path, aside, follow_symlinks=False)
    return aside


def _short(path: Path) -> str:
    """As much of a file's name as leaves room for more: names may be 255 bytes long."""
    return os.fsdecode(os.fsencode(path.name)[:80])


def _restore(path: Path, aside: Path | None) -> None:
    with suppress(OSError):
        if aside:
            aside.replace(path)
            aside.unlink(missing_ok=True)  # rename(2) leaves both names where they are of one file
        else:
            path.unlink(missing_ok=True)


def _sync(folders: set[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def prune(folder: Path, top: Path) -> None:
    """Remove a folder and its parents, up to the top, as far as they are empty."""
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
