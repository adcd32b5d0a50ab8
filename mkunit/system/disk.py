"""Files and links of a unit folder, and documents beside them: a temporary, synced, then renamed (rename(2), fsync(2)).

Temporaries have names that can be told from the file's, so that whoever comes after a process that was killed finds
and removes them.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from mkunit.model.plan import Found, Op
from mkunit.model.unit import MASK
from mkunit.system.files import prune

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MODE = 0o644
_OPEN = 0o755
_LONGEST = 200  # characters of a file name


def look(path: str | Path) -> Found:
    """What is at a path; a link is not followed. Thousands are looked at, so that paths are not taken apart."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return Found("link", os.readlink(path))  # noqa: PTH115  the text of the link, not a path
        if not stat.S_ISREG(mode):
            return Found("other")
        with open(path, "rb") as file:
            return Found("file", file.read().decode("utf-8", "surrogateescape"))
    except (FileNotFoundError, NotADirectoryError):
        return Found()


def replace(folder: Path, files: Sequence[Op], links: Sequence[Op]) -> None:
    """Bring everything to what it is to be: all that can fail for want of space is done before the first rename."""
    for op in (*files, *links):
        _temporary(folder / op.path).unlink(missing_ok=True)
    todo = [(op, links_) for ops, links_ in ((files, False), (links, True)) for op in ops if _differs(folder, op)]
    made: list[Path] = []
    try:
        for op, is_link in todo:
            if op.after is not None:
                _stage(folder / op.path, op.after, made, is_link=is_link or op.after == MASK)
    except BaseException:
        _discard(folder, [op for op, _ in todo], made)
        raise
    for op, _ in todo:
        place = folder / op.path
        if op.after is None:
            place.unlink(missing_ok=True)
        else:
            _temporary(place).replace(place)
    _sync_all({(folder / op.path).parent for op, _ in todo})
    for op, _ in todo:
        if op.after is None:
            prune((folder / op.path).parent, folder)


def _differs(folder: Path, op: Op) -> bool:
    return look(folder / op.path).text != op.after


def _discard(folder: Path, ops: Iterable[Op], made: Sequence[Path]) -> None:
    """Take back what was staged."""
    for op in ops:
        with suppress(OSError):
            _temporary(folder / op.path).unlink(missing_ok=True)
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir()


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name[:_LONGEST]}.mkunit")


def _stage(place: Path, text: str, made: list[Path], *, is_link: bool = False) -> None:
    _make(place.parent, made)
    temporary = _temporary(place)
    if is_link:
        temporary.symlink_to(text)
        return
    handle = os.open(temporary, _FLAGS, _MODE)
    try:
        _write(handle, text.encode("utf-8", "surrogateescape"))
        os.fchmod(handle, _MODE)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def make(folder: Path) -> None:
    """A folder with those above it."""
    _make(folder, [])


def _make(folder: Path, made: list[Path]) -> None:
    if folder.is_dir():
        return
    _make(folder.parent, made)
    folder.mkdir()
    if os.geteuid() == 0:
        folder.chmod(_OPEN)  # what systemd reads, and what was applied, anybody may look at, whatever root's umask is
    made.append(folder)
    _sync(folder.parent)


def _sync_all(folders: Iterable[Path]) -> None:
    for folder in sorted(folders):
        _sync(folder)


def _sync(folder: Path) -> None:
    """What was renamed in a folder stays renamed, whatever happens to the power."""
    with suppress(FileNotFoundError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@frozen
class Folder:
    """Documents in a folder, which anybody may read as they may read unit files."""

    place: Path

    def read(self, name: str) -> str | None:
        try:
            return (self.place / name).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, text: str) -> None:
        place = self.place / name
        _make(place.parent, [])
        _temporary(place).unlink(missing_ok=True)
        _stage(place, text, [])
        _temporary(place).replace(place)
        _sync(place.parent)

    def remove(self, name: str) -> None:
        place = self.place / name
        if place.exists():
            place.unlink()
            _sync(place.parent)

    def names(self, folder: str) -> Iterator[str]:
        try:
            yield from sorted(path.name for path in (self.place / folder).iterdir() if not path.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return
