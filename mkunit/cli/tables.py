"""Tables of data: painted on a terminal, columns of text elsewhere."""

import sys
from collections.abc import Sequence

from mkunit.cli.ui import Ui


def show(columns: Sequence[str], rows: Sequence[Sequence[str]], ui: Ui) -> None:
    """Rows on standard output."""
    if ui.rich and sys.stdout.isatty():
        from mkunit.reporter import painted  # rich is slow to import, and only a terminal needs it

        painted.table(columns, rows, ui.color, sys.stdout)
        return
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        ui.data("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
