"""Every command has a page, and each page says what its parser says; `--snapshot-update` writes it there."""

import difflib
import re
from pathlib import Path

import pytest
from parts import made, names, of_index, of_page

from mkunit.cli.commands import COMMANDS

FOLDER = Path(__file__).parent.parent.parent / "docs/commands"
INDEX = "README"


@pytest.mark.parametrize("name", [INDEX, *COMMANDS])
def test_what_is_made_is_fresh(name: str, request: pytest.FixtureRequest) -> None:
    """Synopsis and flags are those of the parser, all of them."""
    file = FOLDER / f"{name}.md"
    page = file.read_text(encoding="utf-8")
    parts = of_index() if name == INDEX else of_page(name)
    fresh = made(page, parts)
    assert names(page) == list(parts)
    if request.config.getoption("update_snapshots"):
        file.write_text(fresh, encoding="utf-8")
    elif fresh != page:
        diff = difflib.unified_diff(page.splitlines(), fresh.splitlines(), "the page", "the parser", lineterm="")
        hint = "to write it into the page: pytest tests/docs/test_command_pages.py --snapshot-update"
        pytest.fail("\n".join([f"docs/commands/{name}.md is not fresh", *diff, hint]), pytrace=False)


def test_no_page_is_of_no_command() -> None:
    """A command that is gone takes its page with it."""
    assert {file.stem for file in FOLDER.iterdir()} == {INDEX, *COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_shows_a_success_and_a_failure(name: str) -> None:
    """Whoever reads it sees the command used, and what it says and how it ends where that is wrong."""
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# mkunit {name}\n")
    assert re.search(rf"^\$ (sudo |\w+=\S+ )*mkunit {name}\b", page, re.MULTILINE)
    assert re.search(r"^\$ echo \$\?\n[1-9]", page, re.MULTILINE)
