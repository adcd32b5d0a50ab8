"""`mkunit path`: a watch on files, and with `--exec` the service that it starts."""

import pytest
from oneoffs import lines, match, wrong
from sandbox import Project
from syrupy.assertion import SnapshotAssertion


def test_help(project: Project) -> None:
    assert "examples:\n  mkunit path inbox" in project.run("path", "--help").out


def test_every_curated_flag(project: Project, snapshot: SnapshotAssertion) -> None:
    flags = "--exists /a --exists /b --exists-glob /c/*.x --changed /d --modified /e --not-empty /f"
    match(project, snapshot, "path", "p", *flags.split(), "--make-directory", "--directory-mode", "0750", "--unit", "x")


def test_exec_writes_the_service(project: Project, snapshot: SnapshotAssertion) -> None:
    match(project, snapshot, "path", "inbox", "--not-empty", "/var/spool/inbox", "--exec", "/usr/bin/true")


def test_relative(project: Project) -> None:
    """What is watched is named from the root."""
    assert f"PathChanged={project.root}/x.conf" in lines(project, "path", "p", "--changed", "x.conf")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "the path has no name"),
        (["p"], "`p` watches nothing"),
        (["p", "--exists", ""], "`--exists` is empty"),
        (["p", "--exists", "/x", "--directory-mode", "0750"], "`--directory-mode` has no effect without"),
        (["p", "--exists", "/x", "--make-directory", "--directory-mode", "8"], "`--directory-mode`"),
        (["p", "--exists", "/x", "--set", "PathExist=/y"], "`PathExist` is not a directive of a path"),
    ],
)
def test_wrong_flags(project: Project, flags: list[str], message: str) -> None:
    wrong(project, message, "path", *flags)


def test_prompts(project: Project) -> None:
    seen = project.terminal(
        "path", answers=[("Name of the path: ", "p\n"), ("Path whose", "x\n"), ("Path whose", "/x\n")]
    )
    assert seen.code == 0
    assert "is not absolute" in seen.text
    assert "PathChanged=/x\n" in project.read("p.path")
