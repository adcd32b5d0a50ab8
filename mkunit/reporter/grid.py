"""Tables on a terminal, as wide as it is; only names are broken where even that is too narrow."""

from collections.abc import Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from mkunit.reporter.clean import printable
from mkunit.reporter.fitting import Column, fit
from mkunit.reporter.paint import console

_HIGH = 1  # lines below a table that a prompt needs


def table(columns: Sequence[Column], order: Sequence[str], color: bool, stream: TextIO) -> tuple[str, bool]:
    """Columns that fit, and whether they are more than a screen."""
    out = console(color, stream)
    painted = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    fitted = fit(columns, order, out.width)
    for i, one in enumerate(fitted):
        painted.add_column(one.heading, overflow="fold", no_wrap=i > 0)
    for number in range(len(fitted[0].cells) if fitted else 0):
        painted.add_row(*(_cell(one, number) for one in fitted))
    with out.capture() as captured:
        out.print(painted)
    text = captured.get()
    return text, text.count("\n") + _HIGH >= out.height


def _cell(one: Column, number: int) -> Text:
    return Text(printable(one.cells[number]), style=one.styles[number] if one.styles else "")
