"""Unit files on a terminal."""

import sys
from collections.abc import Iterable

from rich.text import Text

from mkunit.reporter.paint import console


def files(found: Iterable[tuple[str, str]], color: bool) -> None:
    """Files one below the other, each with its path above it; comments step back, sections and names stand out."""
    out = console(color, sys.stdout)
    for i, (path, text) in enumerate(found):
        if i:
            out.print()
        out.print(Text(f"# {path}", style="bold"), soft_wrap=True)
        for line in text.removesuffix("\n").split("\n"):
            out.print(_line(line), soft_wrap=True)


def _line(line: str) -> Text:
    if line.lstrip().startswith(("#", ";")):
        return Text(line, style="dim")
    if line.startswith("["):
        return Text(line, style="bold blue")
    name, equals, value = line.partition("=")
    return Text.assemble((name, "cyan"), equals, value) if equals else Text(line)
