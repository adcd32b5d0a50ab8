"""The documentation is true: what its pages show is what happens in a throw-away machine with the real systemd.

`pytest tests/docs --snapshot-update` writes into the pages what has happened; `git diff` reviews it.
"""

import difflib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from page import happened, runs
from shell import FOLDER, NAME, Person

from mkunit.testing.machine import Machine

ROOT = Path(__file__).parent.parent.parent
FOUND = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("examples/**/*.md"))]
PAGES = [str(path.relative_to(ROOT)) for path in FOUND if runs(path.read_text(encoding="utf-8"))]
AT_ONCE = 3  # pages; most of the time is spent waiting for systemd


def again(page: str) -> str:
    """The page, after it has happened in a machine of its own; an example's happens in its folder."""
    with Machine() as machine, Person(machine) as person:
        if page.startswith("examples/"):
            machine.run("cp", "-r", f"{(ROOT / page).parent}/.", FOLDER)
            machine.run("chown", "-R", NAME, FOLDER)
        return happened((ROOT / page).read_text(encoding="utf-8"), person)


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest, machines: type[Machine]) -> Iterator[Callable[[str], str]]:
    """What pages are after they have happened; those that are to be tested happen at once."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = dict.fromkeys(item.callspec.params["page"] for item in items if "played" in item.fixturenames)
    pool = ThreadPoolExecutor(AT_ONCE)
    futures = {page: pool.submit(again, page) for page in wanted}
    yield lambda page: futures[page].result()
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_true(page: str, played: Callable[[str], str], request: pytest.FixtureRequest) -> None:
    """Each command prints what stands below it."""
    told, true = (ROOT / page).read_text(encoding="utf-8"), played(page)
    if request.config.getoption("update_snapshots"):
        (ROOT / page).write_text(true, encoding="utf-8")
        return
    if told == true:
        return
    diff = list(difflib.unified_diff(told.splitlines(), true.splitlines(), page, "what happens", "", "", lineterm=""))
    line = next(
        i for i, pair in enumerate(zip(told.split("\n"), true.split("\n"), strict=False), 1) if len({*pair}) > 1
    )
    hint = f"to write what happens into the page: pytest tests/docs -k '{page}' --snapshot-update"
    pytest.fail("\n".join([f"{page}:{line}: not what happens", *diff, hint]), pytrace=False)
