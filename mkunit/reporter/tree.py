"""The tree of units on a terminal."""

import sys
from collections.abc import Iterable, Sequence

from rich.text import Text

from mkunit.reporter.paint import console

_STYLES = {
    "service": "green", "socket": "cyan", "timer": "yellow", "path": "magenta", "target": "bold", "slice": "blue",
}  # fmt: skip


def tree(rows: Iterable[tuple[str, str, str, str, bool]], rings: Sequence[Sequence[str]], color: bool) -> None:
    """Rows of lead, relation, name, note, and whether the unit is one of the project's; rings are errors."""
    out = console(color, sys.stdout)
    for lead, relation, name, note, known in rows:
        style = _STYLES.get(name.rpartition(".")[2], "") if known else "dim"
        line = Text.assemble((lead, "dim"))  # a style of the whole line would make all of it dim
        if relation:
            line.append(f"{relation} ", "bold blue" if relation == "triggers" else "dim")
        line.append(name, style)
        if note:
            line.append(f"  ({note})", "red" if "ring" in note else "dim")
        out.print(line, soft_wrap=True)
    for ring in rings:
        out.print(Text.assemble(("ring of the order: ", "bold red"), " → ".join([*ring, ring[0]])), soft_wrap=True)
