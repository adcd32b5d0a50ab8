"""Small projects with one mistake each, from what goes wrong in practice: it is found where it is, and nothing else.

A comment `# here: code` ends the line that is wrong in a units file, and stands above it in a unit file.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from mkunit.cli.main import main

FOLDER = Path(__file__).with_name("broken")
PROJECTS = sorted(path for path in FOLDER.iterdir() if path.is_dir())
HERE = re.compile(r"# here: ([a-z0-9-]+)$")


def expected(file: Path) -> list[tuple[str, int]]:
    """The codes and lines of the mistakes that a file says it has."""
    below = file.suffix != ".py"
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [(match[1], number + below) for number, line in lines if (match := HERE.search(line))]


def test_there_are_enough() -> None:
    assert len(PROJECTS) >= 60


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_found_and_nothing_else(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exactly that code at exactly that line, notes counted too."""
    shutil.copytree(project, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pyproject.toml").write_text("[tool.mkunit]\nsystemd = 252\n")
    (file,) = (path for path in sorted(project.iterdir()) if path.is_file())
    main(["-C", str(tmp_path), "check", "--json", "-q", file.name])
    found = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["line"]) for one in found] == expected(file)
