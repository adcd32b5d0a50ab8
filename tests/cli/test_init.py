"""`mkunit init`: a repository to start from, which builds, and passes its own test."""

import subprocess
import sys

from sandbox import Project
from terminal import environment


def test_help(project: Project) -> None:
    assert "examples:\n  mkunit init\n" in project.run("init", "--help").out


def test_it_builds_and_passes_its_test(project: Project) -> None:
    """What is made is whole: it builds, and the test compares it with its snapshots."""
    assert project.run("init").code == 0
    assert list(project.files()) == [
        "pyproject.toml", "tests/__snapshots__/system/hello.socket", "tests/__snapshots__/system/hello@.service",
        "tests/test_units.py", "units/hello.py",
    ]  # fmt: skip
    assert project.run("build").code == 0
    assert project.run("check").code == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", "tests"]
    done = subprocess.run(command, cwd=project.root, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_its_test_notices_a_change(project: Project) -> None:
    """A units file that was changed, and not agreed to."""
    project.run("init")
    place = project.root / "units/hello.py"
    place.write_text(place.read_text().replace("7070", "7071"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", "tests"]
    done = subprocess.run(command, cwd=project.root, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "-ListenStream=127.0.0.1:7070" in done.stdout
    assert "--snapshot-update" in done.stdout


def test_again(project: Project) -> None:
    """A second time nothing changes."""
    project.run("init")
    before = project.files()
    assert "unchanged units/hello.py" in project.run("init").err
    assert project.files() == before


def test_nothing_is_overwritten(project: Project) -> None:
    """Units, settings and tests that are there stay; only the table is added."""
    project.socket()
    project.write("pyproject.toml", '[project]\nname = "mine"\n')
    project.write("tests/test_units.py", "# mine\n")
    assert project.run("init", "--user").code == 0
    assert project.read("pyproject.toml").startswith('[project]\nname = "mine"\n\n[tool.mkunit]\nscope = "user"')
    assert project.read("tests/test_units.py") == "# mine\n"
    assert "units/hello.py" not in project.files()
    assert not any("__snapshots__" in path for path in project.files())


def test_dry_run(project: Project) -> None:
    ended = project.run("init", "--dry-run")
    assert (ended.code, project.files()) == (0, {})
    assert "would make units/hello.py" in ended.err


def test_another_folder(project: Project) -> None:
    assert project.run("init", "new/one").code == 0
    assert "new/one/units/hello.py" in project.files()


def test_refused(project: Project) -> None:
    """A file where the folder should be, settings that are none."""
    project.write("file", "")
    assert project.run("init", "file").code == 9
    (project.root / "pyproject.toml").mkdir()
    assert project.run("init").code == 9
    assert "units/hello.py" not in project.files()
