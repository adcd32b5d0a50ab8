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
_WIDEST = 56  # characters of a line, before its place comes after it without being aligned


def facts(title: str, found: Sequence[Fact]) -> str:
    """A directive as bare text: a line for each value, so that it can be searched."""
    width = max((len(fact.word) for fact in found), default=0) + 2
    lines = [title] if title else []
    for fact in found:
        lines += [f"  {fact.word if i == 0 else '':<{width}}{value}" for i, value in enumerate(fact.values)]
    return "\n".join(lines) + "\n"


def paint_facts(title: str, found: Sequence[Fact], color: bool) -> None:
    """The same for a terminal, as wide as that is."""
    from rich.table import Table  # slow to import, and only a terminal needs it
    from rich.text import Text

    from mkunit.reporter.paint import console

    out = console(color, sys.stdout)
    if title:
        out.print(Text(title, style="bold"), soft_wrap=True)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for fact in found:
        value = Text("\n".join(fact.values), style="bold" if fact.word == "examples" else "")
        table.add_row(Text(f"  {fact.word}"), value)
    out.print(table)


def settings(rows: Sequence[tuple[str, str, str]]) -> str:
    """Sections, lines and their places as bare text, the places below one another."""
    width = min(max((len(text) for _, text, _ in rows), default=0), _WIDEST) + 2
    lines, section = [], None
    for one, text, place in rows:
        if one != section:
            lines += ["", f"  [{printable(one)}]"]
            section = one
        text = printable(text)
        lines.append(f"  {text:<{width}}{place}" if len(text) + 2 <= width else f"  {text}  {place}")
    return "".join(f"{line}\n" for line in lines)


def paint_settings(rows: Sequence[tuple[str, str, str]], color: bool) -> None:
    """The same for a terminal: a place that has no room beside its line stands below it."""
    from rich.padding import Padding  # as above
    from rich.text import Text

    from mkunit.reporter.paint import console

    out = console(color, sys.stdout)
    width = min(max((len(text) for _, text, _ in rows), default=0), _WIDEST, out.width - 24)
    section = None
    for one, text, place in rows:
        if one != section:
            out.print()
            out.print(Text(f"  [{printable(one)}]", style="bold blue"), soft_wrap=True)
            section = one
        name, _, value = printable(text).partition("=")
        is_default = "default" in place
        line = Text.assemble((name, "dim" if is_default else "cyan"), ("=" + value, "dim" if is_default else ""))
        room = out.width - 2 - max(len(line), width) - 2 - len(place)
        if room >= 0:
            line.append(" " * (max(width - len(line), 0) + 2) + place, "dim")
            out.print(Text("  ") + line, soft_wrap=True)
        else:
            out.print(Padding(line, (0, 0, 0, 2), expand=False))
            out.print(Padding(Text(place, style="dim"), (0, 0, 0, 6), expand=False))
    out.print()


def paint_parts(found: Sequence[Fact], color: bool) -> None:
    """Facts that are sentences, for a terminal: each word above its values."""
    from rich.padding import Padding  # as above
    from rich.text import Text

    from mkunit.reporter.paint import console

    out = console(color, sys.stdout)
    for fact in found:
        out.print(Text(f"  {fact.word}", style="cyan"))
        for value in fact.values:
            indent = len(value) - len(value.lstrip())
            out.print(Padding(Text(value.lstrip(), style="dim" if indent else ""), (0, 0, 0, 4 + indent), expand=False))


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
