"""Plans for people: readable without colour and at 60 columns, side by side where there is room."""

import io

import pytest
from rich.console import Console

from mkunit.model.plan import Change, Op, Plan, Step
from mkunit.reporter import painted, plans
from mkunit.reporter.sides import both, single

BEFORE = "[Service]\nExecStart=/bin/a --port 8080\nUser=a\n"
AFTER = "[Service]\nExecStart=/bin/a --port 9090\nUser=a\nNice=5\n"
CHANGES = (
    Change("a.service", "system", "a.service", "changed", BEFORE, AFTER, "restart", "`ExecStart=` changed, and it is running; connections queue meanwhile", False),
    Change("b.service", "system", "", "unchanged", None, None, "pending", "refuses manual stop (`Environment=` changed)"),
    Change("c.service", "system", "c.service", "new", None, "[Service]\nExecStart=/bin/[bold]c\n", "nothing", "new: nothing starts it by itself"),
)  # fmt: skip
STEPS = (Step("write"), Step("daemon-reload"), Step("restart", ("a.service", "d.service", "e.service", "f.service")))
PLAN = Plan(
    "system", "/etc/systemd/system", CHANGES, (Op("a.service", BEFORE, AFTER), Op("c.service", None, "x")), (), STEPS
)


def shown(thing: object, width: int) -> str:
    out = Console(file=io.StringIO(), width=width, color_system=None, markup=False, highlight=False)
    out.print(thing)
    return out.file.getvalue()  # type: ignore[attr-defined]


def test_text_for_pipes() -> None:
    """Everything is in it: files, actions, reasons, steps, and what will be noticed."""
    text = plans.text([PLAN])
    assert "restart a.service: `ExecStart=` changed" in " ".join(text.split())
    assert "pending: refuses manual stop" in text
    assert "-ExecStart=/bin/a --port 8080" in text
    assert "1. write 2 files" in text
    assert "3. systemctl restart a.service d.service e.service and 1 more" in text
    assert "no connection is dropped" in text
    assert plans.text([Plan("system", "/x")]) == plans.nothing()


@pytest.mark.parametrize("width", [60, 130])
def test_painted_fits(width: int) -> None:
    """No line is longer than the terminal, and user text is never markup."""
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, markup=False, highlight=False)
    painted._all(console, [PLAN])
    lines = out.getvalue().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width
    assert any("[bold]c" in line for line in lines)
    both_sides = any("8080" in line and "9090" in line for line in lines)
    assert both_sides is (width == 130)


def test_lines_of_a_directive_stand_beside_each_other() -> None:
    """Old and new of one directive; what came has nothing at its side."""
    text = shown(both(BEFORE.splitlines(), AFTER.splitlines()), 100)
    row = next(line for line in text.splitlines() if "8080" in line)
    assert "9090" in row
    assert next(line for line in text.splitlines() if "Nice" in line).split() == ["+", "Nice=5"]


def test_one_column_without_colour() -> None:
    """Signs say what went and what came."""
    lines = shown(single(BEFORE.splitlines(), AFTER.splitlines()), 60).splitlines()
    assert [line.strip() for line in lines] == [
        "[Service]", "- ExecStart=/bin/a --port 8080", "+ ExecStart=/bin/a --port 9090", "User=a", "+ Nice=5",
    ]  # fmt: skip


def test_changed_words_are_marked() -> None:
    """In reverse, and only the words that differ."""
    text = single(["A=one two"], ["A=one three"])
    marked = {text.plain[span.start : span.end] for span in text.spans if "reverse" in str(span.style)}
    assert marked == {"two", "three"}


def test_control_characters_are_shown() -> None:
    """A terminal would obey them."""
    assert "\x1b" not in shown(single([], ["A=\x1b[2J"]), 60)
