"""Unit files of real packages, in which mkunit must find nothing wrong that is right."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkunit import catalog
from mkunit.catalog.spec import Finding, Outcome
from mkunit.catalog.values import check

CORPUS = Path(os.environ.get("MKUNIT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus" / "debian"))
FOLDERS = [Path("/usr/lib/systemd/system"), Path("/usr/lib/systemd/user"), CORPUS]
NEWEST = 262


def assignments(text: str) -> Iterator[tuple[str, str, str]]:
    """Section, name and value of each assignment, with continued lines joined."""
    section, line = "", ""
    for raw in text.split("\n"):
        if raw.lstrip()[:1] in ("#", ";"):
            continue
        line += raw
        if (len(line) - len(line.rstrip("\\"))) % 2:
            line = line[:-1] + " "
            continue
        stripped, line = line.strip(" \t\r"), ""
        if stripped[:1] == "[":
            section = stripped[1:-1]
        elif "=" in stripped:
            name, _, value = stripped.partition("=")
            yield section, name.strip(" \t"), value.strip(" \t")


def findings(folder: Path) -> Iterator[tuple[Path, str, str, Finding]]:
    """What is found in the unit files below a folder."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix.lstrip(".") not in (*catalog.kinds(), "conf"):
            continue
        for section, name, value in assignments(path.read_text(encoding="utf-8")):
            row = catalog.lookup(section, name)
            scope = "user" if "/user/" in str(path) else "system"
            for finding in check(row, value, NEWEST, scope) if row else ():
                yield path, name, value, finding


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_nothing_is_wrong_with_real_units(folder: Path) -> None:
    """No value in a unit of a real package is said to be refused or ignored."""
    if not folder.is_dir():
        pytest.skip("there is no such folder here")
    found = list(findings(folder))
    wrong = [entry for entry in found if entry[3].outcome in (Outcome.REFUSED, Outcome.IGNORED)]
    assert [(str(path), name, value, finding.message) for path, name, value, finding in wrong] == []
