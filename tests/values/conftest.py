"""What the tests of values share."""

from collections.abc import Callable

import pytest

from mkunit import catalog
from mkunit.catalog.spec import Finding
from mkunit.catalog.values import check

Judge = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def judge() -> Judge:
    """Judge `Name=value` as it stands in a section that has the name."""

    def judge_line(line: str, version: int = 252, scope: str = "system", section: str = "") -> tuple[Finding, ...]:
        name, _, value = line.partition("=")
        sections = [section] if section else ["Service", "Unit", "Socket", "Timer", "Path", "Mount", "Install"]
        row = next(row for place in sections if (row := catalog.lookup(place, name)))
        return check(row, value, version, scope)

    return judge_line
