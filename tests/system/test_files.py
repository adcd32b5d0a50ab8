"""Files are written whole or not at all, several as one."""

from pathlib import Path

import pytest

from mkunit.errors import RefusedError
from mkunit.system.files import Changes, prune, read


def tree(folder: Path) -> dict[str, str | None]:
    """Everything below a folder: files with their text, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_write(tmp_path: Path) -> None:
    """A file, and the folders on the way to it."""
    changes = Changes()
    changes.write(tmp_path / "a" / "b" / "x.service", "text\n")
    changes.commit()
    assert tree(tmp_path) == {"a": None, "a/b": None, "a/b/x.service": "text\n"}
    assert (tmp_path / "a/b/x.service").stat().st_mode & 0o7777 == 0o644


def test_nothing_before_commit(tmp_path: Path) -> None:
    """What is staged is not at its place; what is discarded has never been."""
    changes = Changes()
    changes.write(tmp_path / "a" / "x.service", "text\n")
    assert not (tmp_path / "a" / "x.service").exists()
    changes.discard()
    assert tree(tmp_path) == {}


def test_replace_and_remove(tmp_path: Path) -> None:
    """Writes and removals happen together, and leave nothing beside."""
    (tmp_path / "old").write_text("old")
    (tmp_path / "gone").write_text("gone")
    changes = Changes()
    changes.write(tmp_path / "old", "new")
    changes.remove(tmp_path / "gone")
    changes.commit()
    assert tree(tmp_path) == {"old": "new"}


def test_stage_that_fails(tmp_path: Path) -> None:
    """Where one file cannot be staged, none is, and the folders that were made are gone."""
    (tmp_path / "file").write_text("no folder")
    changes = Changes()
    changes.write(tmp_path / "new" / "a", "a")
    with pytest.raises(RefusedError, match="cannot write: Not a directory"):
        changes.write(tmp_path / "file" / "b", "b")
    assert tree(tmp_path) == {"file": "no folder"}


def test_commit_that_fails(tmp_path: Path) -> None:
    """Where the last rename fails, everything is as it was: what was replaced, what was removed, what is new."""
    (tmp_path / "a").write_text("old a")
    changes = Changes()
    changes.write(tmp_path / "a", "new a")
    changes.write(tmp_path / "b", "new b")
    changes.write(tmp_path / "c", "new c")
    (tmp_path / "c").mkdir()  # somebody is quicker than the commit
    before = (tmp_path / "a").stat().st_ino
    with pytest.raises(RefusedError):
        changes.commit()
    assert tree(tmp_path) == {"a": "old a", "c": None}
    assert (tmp_path / "a").stat().st_ino == before


def test_removal_that_fails(tmp_path: Path) -> None:
    """A removal that fails brings back what was written and removed before it."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"old {name}")
    (tmp_path / "c").mkdir()
    changes = Changes()
    changes.write(tmp_path / "a", "new a")
    changes.remove(tmp_path / "b")
    changes.remove(tmp_path / "c")
    with pytest.raises(RefusedError):
        changes.commit()
    assert tree(tmp_path) == {"a": "old a", "b": "old b", "c": None}


def test_names_as_long_as_they_may_be(tmp_path: Path) -> None:
    """The files that are there for a moment have names that fit, too."""
    place = tmp_path / ("ü" * 127)
    for text in ("old", "new"):
        changes = Changes()
        changes.write(place, text)
        changes.commit()
    assert tree(tmp_path) == {place.name: "new"}


def test_names_that_are_too_long(tmp_path: Path) -> None:
    """Those that do not fit are an error in words."""
    place = tmp_path / ("x" * 256)
    with pytest.raises(RefusedError, match="File name too long"):
        read(place)


def test_any_bytes(tmp_path: Path) -> None:
    """What is no UTF-8 is read and written back the same."""
    (tmp_path / "a").write_bytes(b"\xff\xfe\n")
    changes = Changes()
    changes.write(tmp_path / "b", read(tmp_path / "a") or "")
    changes.commit()
    assert (tmp_path / "b").read_bytes() == b"\xff\xfe\n"


def test_read(tmp_path: Path) -> None:
    """Neither a folder nor nothing is a file."""
    assert (read(tmp_path), read(tmp_path / "nothing")) == (None, None)


def test_prune(tmp_path: Path) -> None:
    """Empty folders go, up to the top, and no further than the first that is not empty."""
    (tmp_path / "top" / "a" / "b").mkdir(parents=True)
    (tmp_path / "top" / "c" / "d").mkdir(parents=True)
    (tmp_path / "top" / "c" / "file").write_text("")
    prune(tmp_path / "top" / "a" / "b", tmp_path / "top")
    prune(tmp_path / "top" / "c" / "d", tmp_path / "top")
    assert tree(tmp_path / "top") == {"c": None, "c/file": ""}
    (tmp_path / "top" / "c" / "file").unlink()
    prune(tmp_path / "top" / "c", tmp_path / "top")
    assert tree(tmp_path) == {"top": None}
