"""Files and links of a unit folder: whole or not at all, and no temporaries left."""

import errno
import os
from pathlib import Path

import pytest

from mkunit.model.plan import Found, Op
from mkunit.system import disk
from mkunit.system.disk import Folder, look, replace


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_what_is_at_a_path(tmp_path: Path) -> None:
    """A link is not followed."""
    (tmp_path / "file").write_bytes(b"a\xff")
    (tmp_path / "link").symlink_to("/dev/null")
    (tmp_path / "folder").mkdir()
    assert look(tmp_path / "file") == Found("file", "a\udcff")
    assert look(tmp_path / "link") == Found("link", "/dev/null")
    assert look(tmp_path / "folder") == Found("other")
    assert look(tmp_path / "nothing") == Found()


def test_replace_writes_removes_and_links(tmp_path: Path) -> None:
    """Folders come and go with what is in them."""
    (tmp_path / "old.service.d").mkdir()
    (tmp_path / "old.service.d/x.conf").write_text("old")
    (tmp_path / "a.service").write_text("old")
    files = [
        Op("a.service", "old", "new"),
        Op("b.service.d/y.conf", None, "y"),
        Op("old.service.d/x.conf", "old", None),
    ]
    replace(tmp_path, files, [Op("t.wants/a.service", None, "/x/a.service")])
    assert names(tmp_path) == ["a.service", "b.service.d", "b.service.d/y.conf", "t.wants", "t.wants/a.service"]
    assert (tmp_path / "a.service").read_text() == "new"
    assert (tmp_path / "t.wants/a.service").readlink() == Path("/x/a.service")
    assert (tmp_path / "a.service").stat().st_mode & 0o777 == 0o644


def test_replace_twice_is_the_same(tmp_path: Path) -> None:
    """What is done already is not done again."""
    files = [Op("a.service", None, "new"), Op("gone.service", "x", None)]
    replace(tmp_path, files, [])
    before = (tmp_path / "a.service").stat().st_ino
    replace(tmp_path, files, [])
    assert (tmp_path / "a.service").stat().st_ino == before


def test_temporaries_of_a_killed_process_are_removed(tmp_path: Path) -> None:
    """Their names can be told from the file's."""
    (tmp_path / ".a.service.mkunit").write_text("half")
    replace(tmp_path, [Op("a.service", None, "new")], [])
    assert names(tmp_path) == ["a.service"]


def test_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is staged before the first rename."""
    (tmp_path / "a.service").write_text("old")
    real, calls = os.fsync, iter(range(100))

    def full(handle: int) -> None:
        if next(calls) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace(tmp_path, [Op("a.service", "old", "new"), Op("d/b.service", None, "b")], [])
    assert names(tmp_path) == ["a.service"]
    assert (tmp_path / "a.service").read_text() == "old"


def test_replace_takes_the_place_of_a_link(tmp_path: Path) -> None:
    """A link that somebody puts there is not written through."""
    (tmp_path / "target").write_text("theirs")
    (tmp_path / "a.service").symlink_to(tmp_path / "target")
    replace(tmp_path, [Op("a.service", None, "ours")], [])
    assert (tmp_path / "target").read_text() == "theirs"
    assert not (tmp_path / "a.service").is_symlink()


def test_documents(tmp_path: Path) -> None:
    """Written, read, listed, removed; what is not there is None."""
    notes = Folder(tmp_path / "state")
    assert notes.read("a") is None
    assert list(notes.names("generations")) == []
    notes.write("generations/1.json", "{}")
    notes.write("generations/1.json", "[]")
    assert (notes.read("generations/1.json"), list(notes.names("generations"))) == ("[]", ["1.json"])
    notes.remove("generations/1.json")
    notes.remove("generations/1.json")
    assert list(notes.names("generations")) == []
