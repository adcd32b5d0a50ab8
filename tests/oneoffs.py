"""Unit files of one-off commands as snapshots with their real suffixes, so that systemd can judge them."""

from pathlib import Path

from sandbox import Project
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


def extension(suffix: str) -> type[SingleFileSnapshotExtension]:
    """A unit file of a kind."""

    class UnitText(SingleFileSnapshotExtension):
        _write_mode = WriteMode.TEXT
        file_extension = suffix

    return UnitText


def match(project: Project, snapshot: SnapshotAssertion, *words: str) -> None:
    """Everything that the command writes is as it was."""
    ended = project.run(*words)
    assert ended.code == 0, ended.err
    for name in project.files():
        suffix = Path(name).suffix[1:]
        assert project.read(name) == snapshot(name=suffix, extension_class=extension(suffix))


def lines(project: Project, *words: str) -> list[str]:
    """The lines that a command prints."""
    ended = project.run(*words, "--dry-run")
    assert ended.code == 0, ended.err
    assert project.files() == {}
    return ended.out.split("\n")


def wrong(project: Project, message: str, *words: str) -> str:
    """A command that is refused with exit code 2, one error, and nothing written; its whole message."""
    ended = project.run(*words)
    assert (ended.code, ended.out, project.files()) == (2, "", {})
    assert ended.err.count("error[") == 1
    assert message in ended.err
    return ended.err
