"""What `mkunit explain` shows: facts on directives, and what the lines of a file do; bare text, or painted by rich."""

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mkunit.reporter.clean import printable


class Fact(NamedTuple):
    """One thing to know, under a word of its own."""

    word: str
    values: tuple[str, ...]


class Shown(NamedTuple):
    """A line of a unit file, and what it does."""

    path: str
    line: int
    section: str
    text: str
    wins: bool
    effect: str


_PLAIN = ("set", "added")


def facts(title: str, found: Sequence[Fact]) -> str:
    """A directive as bare text: a line for each value, so that it can be searched."""
    width = max(len(fact.word) for fact in found) + 2
    lines = [title]
    for fact in found:
        lines += [f"  {fact.word if i == 0 else '':<{width}}{value}" for i, value in enumerate(fact.values)]
    return "\n".join(lines) + "\n"


def paint_facts(title: str, found: Sequence[Fact], color: bool) -> None:
    """The same for a terminal, as wide as that is."""
    from rich.table import Table  # slow to import, and only a terminal needs it
    from rich.text import Text

    from mkunit.reporter.paint import console

    out = console(color, sys.stdout)
    out.print(Text(title, style="bold"), soft_wrap=True)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for fact in found:
        value = Text("\n".join(fact.values), style="bold" if fact.word == "examples" else "")
        table.add_row(Text(f"  {fact.word}"), value)
    out.print(table)


def lines(found: Iterable[Shown]) -> str:
    """The lines of files as bare text: `+` before those in effect, `-` before the others, and why below."""
    return "".join(f"{text}\n" for text, _ in _rows(found))


def paint_lines(found: Iterable[Shown], color: bool) -> None:
    """The same for a terminal."""
    from rich.padding import Padding  # as above
    from rich.text import Text

    from mkunit.reporter.paint import console

    out = console(color, sys.stdout)
    for text, style in _rows(found):
        indent = len(text) - len(text.lstrip())
        out.print(Padding(Text(text.lstrip(), style=style, overflow="fold"), (0, 0, 0, indent)))


def _rows(found: Iterable[Shown]) -> Iterable[tuple[str, str]]:
    path, section = None, None
    for one in found:
        if one.path != path:
            yield printable(one.path), "bold"
            path, section = one.path, None
        if one.section != section and one.section:
            yield f"      [{printable(one.section)}]", "blue"
            section = one.section
        yield f"{one.line:>4} {'+' if one.wins else '-'} {printable(one.text)}", "" if one.wins else "dim"
        if one.effect not in _PLAIN:
            yield f"       {printable(one.effect)}", "green" if one.wins else "yellow"
