"""Tables that fit their terminal, and times as a person reads them."""

import pytest

from mkunit.reporter.fitting import Column, cells_of, fit
from mkunit.reporter.times import far, iso, stamp

UNIT = Column("unit", ("a.service", "b.service"))
KIND = Column("kind", ("service", "service"), droppable=True)
STATE = Column("state", ("active (running)", ""), ("running", ""))
EMPTY = Column("pending", ("", ""))


@pytest.mark.parametrize(
    ("room", "wanted"),
    [
        (100, [("unit", "a.service"), ("kind", "service"), ("state", "active (running)")]),
        (30, [("unit", "a.service"), ("kind", "service"), ("state", "running")]),
        (20, [("unit", "a.service"), ("state", "running")]),
        (5, [("unit", "a.service"), ("state", "running")]),
    ],
)
def test_fit(room: int, wanted: list[tuple[str, str]]) -> None:
    """Columns without a word go; then cells are cut; then columns are dropped; what has to stay stays."""
    found = fit([UNIT, KIND, STATE, EMPTY], ("state", "kind"), room)
    assert [(one.heading, one.cells[0]) for one in found] == wanted


def test_wide_characters_count_twice() -> None:
    assert (cells_of("abc"), cells_of("漢字"), cells_of("e\u0301")) == (3, 4, 1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "now"), (59, "in 59 s"), (-119, "119 s ago"), (120, "in 2 min"), (7199, "in 119 min"), (7200, "in 2 h"),
        (-86400 * 3, "3 days ago"), (86400 * 90, "in 3 months"), (86400 * 800, "in 2 years"),
    ],
)  # fmt: skip
def test_far(seconds: float, text: str) -> None:
    """Two of a unit are said in it, one is said in the smaller one."""
    assert far(seconds) == text


@pytest.mark.parametrize(("days", "text"), [(0, "12:00"), (2, "Wed 12:00"), (30, "2024-01-31 12:00")])
def test_stamp(days: int, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As short as a time can be told from others: 2024-01-01 was a Monday."""
    noon = 1704110400.0
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        assert stamp(noon + 86400 * days, noon) == text
        assert iso(noon) == "2024-01-01T12:00:00+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert iso(None) is None
