"""Unit files of real packages: systemd takes them, so that no rule may say that it does not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkunit import checker, parser
from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit
from mkunit.parser.files import scoped

CORPUS = Path(os.environ.get("MKUNIT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus" / "debian"))
FOLDERS = [Path("/usr/lib/systemd/system"), Path("/usr/lib/systemd/user"), *sorted(CORPUS.glob("*/*"))]
# The package has a socket whose service is in another one: systemd refuses to start it alone as well.
ALONE = {("mariadb-server", "plain-needs-plain")}
MOST = 0.15  # warnings for each unit


def units(folder: Path) -> Iterator[Unit]:
    """The units of a folder, as systemd reads them."""
    scope = "user" if folder.name == "user" else "system"
    for file in sorted(folder.iterdir()):
        if parser.is_unit_file(file) and file.is_file() and not file.is_symlink():
            loaded = scoped(parser.load(file, str(file)), scope)
            if loaded.unit:
                yield parser.read(loaded.unit, parser.judge(loaded.unit, 252, scope))


def findings(folder: Path) -> list[Diagnostic]:
    return list(checker.examine(Graph.of(units(folder)), Target(252)))


@pytest.mark.parametrize("folder", [path for path in FOLDERS if path.is_dir()], ids=str)
def test_no_error(folder: Path) -> None:
    """systemd starts all of these."""
    errors = [one for one in findings(folder) if one.severity is Severity.ERROR]
    assert [one for one in errors if (folder.parent.name, one.code) not in ALONE] == []


def test_few_warnings() -> None:
    """Authors of packages know what they do: a rule that finds much in their units is mostly wrong."""
    folders = [path for path in FOLDERS if path.is_dir()]
    warnings = [one for folder in folders for one in findings(folder) if one.severity is Severity.WARNING]
    assert len(warnings) < MOST * sum(len(list(units(folder))) for folder in folders)
