"""Plans and tables for a terminal, by rich: side by side where there is room, one column where there is not."""

from collections.abc import Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mkunit.model.plan import Change, Plan
from mkunit.reporter import plans as words
from mkunit.reporter.clean import printable
from mkunit.reporter.paint import console
from mkunit.reporter.sides import both, single

_WIDE = 110  # columns from which on a diff has two sides
_SIGNS = {"new": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red"), "unchanged": ("=", "dim")}
_STYLES = {"restart": "yellow", "rebind": "yellow", "retry": "yellow", "stop-start": "yellow", "stop": "red",
           "start": "green", "pull": "green", "reload": "cyan", "pending": "magenta"}  # fmt: skip


def plans(found: Sequence[Plan], color: bool, stream: TextIO) -> tuple[str, bool]:
    """Each change with its diff and what becomes of its unit, then the steps; and whether it is more than a screen."""
    out = console(color, stream)
    with out.capture() as captured:
        if any(plan.changes or not plan.is_empty for plan in found):
            _all(out, found)
        else:
            out.print(words.nothing().strip())
    text = captured.get()
    return text, text.count("\n") >= out.height


def _all(out: Console, found: Sequence[Plan]) -> None:
    for plan in found:
        if plan.changes or not plan.is_empty:
            out.print(Text(f"{plan.scope} units, in {plan.folder}", style="bold underline"), soft_wrap=True)
            out.print()
            for change in plan.changes:
                _change(out, change)
            _steps(out, plan)


def _change(out: Console, change: Change) -> None:
    sign, style = _SIGNS[change.change]
    out.print(Text(f"{sign} {change.path or change.unit}", style=f"bold {style}"), soft_wrap=True)
    line = Text(words.action(change), style=f"bold {_STYLES.get(change.action, 'dim')}")
    line.append(f": {printable(change.reason)}", style="not bold default")
    if change.drops is not None and "connection" not in change.reason:
        line.append(_notice(change), style="not bold red" if change.drops else "not bold green")
    out.print(Padding(line, (0, 0, 0, 2)))
    if change.path:
        before, after = (change.before or "").splitlines(), (change.after or "").splitlines()
        is_wide = out.width >= _WIDE and change.before is not None and change.after is not None
        out.print(Padding(both(before, after) if is_wide else single(before, after), (0, 0, 0, 2)))
    out.print()


def _notice(change: Change) -> str:
    return "  [connections are dropped]" if change.drops else "  [no connection is refused]"


def _steps(out: Console, plan: Plan) -> None:
    if plan.steps:
        out.print(Text("in this order", style="bold"))
        for i, step in enumerate(plan.steps, 1):
            out.print(Padding(Text(f"{i}. {words.step_text(step, plan)}"), (0, 0, 0, 2)))
        out.print()
    out.print(Text(words.counts(plan), style="bold"))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], color: bool, stream: TextIO) -> None:
    """Rows under headings."""
    out = console(color, stream)
    painted = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in columns:
        painted.add_column(heading, overflow="fold")
    for row in rows:
        painted.add_row(*(Text(printable(cell), style=_cell_style(cell)) for cell in row))
    out.print(painted)


def _cell_style(cell: str) -> str:
    first = cell.partition(" ")[0]
    styles = {"active": "green", "failed": "bold red", "changed:": "yellow", "missing:": "red", "disabled": "dim"}
    return styles.get(first, "")
