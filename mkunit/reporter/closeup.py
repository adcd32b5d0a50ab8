"""One unit from near, on a terminal: a line that says how it is, facts below, and the end of its log."""

import sys
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from mkunit.reporter.explain import Fact
from mkunit.reporter.paint import console

_LOOKS = {
    "active": "bold green", "failed": "bold red", "activating": "bold yellow", "deactivating": "bold yellow",
    "reloading": "bold yellow", "refreshing": "bold yellow",
}  # fmt: skip
_WORDS = {"result": "red", "drift": "yellow", "pending": "yellow"}


def paint(
    gap: str, unit: str, state: str, look: str, facts: Sequence[Fact], log: Sequence[tuple[str, str]], color: bool
) -> None:  # fmt: skip
    """All of one unit, as wide as the terminal is."""
    out = console(color, sys.stdout)
    style = _LOOKS.get(look, "")
    active, since, rest = state.partition(" since ")
    title = Text.assemble(gap, ("● " if look != "inactive" else "○ ", style), (unit, "bold"), "  ", (active, style))
    out.print(title, soft_wrap=True)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    if since:
        table.add_row(Text("  since"), Text(rest))
    for fact in facts:
        table.add_row(Text(f"  {fact.word}"), Text("\n".join(fact.values), style=_WORDS.get(fact.word, "")))
    if log:
        table.add_row(Text("  log"), Text("\n").join(Text(text, style=how) for text, how in log))
    out.print(table)
