"""What a check found, on a terminal: a heading for each file, and below it the findings with their lines."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.text import Text

from mkunit.errors import Diagnostic
from mkunit.reporter import excerpt
from mkunit.reporter.clean import clean
from mkunit.reporter.counts import order
from mkunit.reporter.paint import console


def groups(found: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], color: bool) -> None:
    """Sorted findings, file by file."""
    out = console(color)
    for i, (path, group) in enumerate(groupby(found, key=lambda one: order(one)[0])):
        own = [clean(one) for one in group]
        out.print(Text(("\n" if i else "") + (path or "the project"), style="bold underline"), soft_wrap=True)
        excerpt.findings(own, lines, color)
    out.print()
