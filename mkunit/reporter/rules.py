"""A rule of `mkunit check` on a terminal: its words, and its examples with the colours of Python."""

import sys
from collections.abc import Sequence

from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from mkunit.reporter.paint import console

_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}


def paint(code: str, severity: str, parts: Sequence[str], wrong: str, right: str, color: bool) -> None:
    """All that is known of one rule."""
    out = console(color, sys.stdout)
    out.print(Text.assemble((code, "bold"), " ", (severity, _STYLES[severity])))
    for part in parts:
        out.print()
        out.print(Text(part), width=min(out.width, 88))
    for word, example, style in (("wrong", wrong, "bold red"), ("right", right, "bold green")):
        out.print()
        out.print(Text(word, style=style))
        kind = "ini" if example.startswith("# ") else "python"
        out.print(Padding(Syntax(example, kind, background_color="default", word_wrap=True), (0, 0, 0, 2)))
