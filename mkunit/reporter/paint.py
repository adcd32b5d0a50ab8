"""Reports for a terminal, by rich; the user's own text is never read as markup."""

import difflib
import re
import sys
from collections.abc import Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mkunit.errors import Diagnostic, Severity
from mkunit.reporter.clean import printable

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_KINDS = {"new": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red"), "unchanged": ("=", "dim")}


def console(color: bool, stream: TextIO | None = None) -> Console:
    """A console that writes to standard error unless told otherwise."""
    return Console(
        file=stream or sys.stderr,
        color_system="auto" if color else None,
        no_color=not color,
        markup=False,
        highlight=False,
    )


def _ticked(text: str, style: str = "") -> Text:
    """Text whose parts in backticks stand out."""
    painted = Text(style=style)
    for i, part in enumerate(text.split("`")):
        painted.append(part if i % 2 == 0 else f"`{part}`", "" if i % 2 == 0 else "bold")
    return painted


def diagnostics(found: Sequence[Diagnostic], color: bool) -> None:
    """Findings, each with its place, and its hint below."""
    out = console(color)
    for one in found:
        style = _COLORS[one.severity]
        line = Text.assemble(
            (f"{one.origin}: ", "bold") if one.origin else "", (f"{one.severity}[{one.code}]", f"bold {style}"), ": "
        )
        _wrapped(out, line + _ticked(one.message), "    ")
        if one.hint:
            _wrapped(out, Text.assemble(("  hint: ", "cyan")) + _ticked(one.hint), "        ")


def _wrapped(out: Console, text: Text, indent: str) -> None:
    """Lines that break between words only, so that what is to be copied stays whole, and hang below the first."""
    breaks, room = [], out.width
    for word in re.finditer(r"\S+\s*", text.plain):
        if cell_len(word[0].rstrip()) > room and word.start():
            breaks.append(word.start())
            room = out.width - len(indent)
        room -= cell_len(word[0])
    for i, line in enumerate(text.divide(breaks)):
        line.rstrip()
        out.print(Text(indent) + line if i else line, soft_wrap=True)


def diff(path: str, before: str | None, after: str | None, color: bool, stream: TextIO | None = None) -> None:
    """A diff of one file; within changed lines, what changed stands out."""
    out = console(color, stream)
    kind = "new" if before is None else "removed" if after is None else "changed"
    sign, style = _KINDS[kind]
    out.print(Text(f"{sign} {path} ({kind})", style=f"bold {style}"), soft_wrap=True)
    old, new = (list(map(printable, (text or "").split("\n"))) for text in (before, after))
    for lines in (old, new):
        if not lines[-1]:
            lines.pop()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _context(out, old[i1:i2], at_start=i1 == 0, at_end=i2 == len(old))
            continue
        for line in old[i1:i2]:
            out.print(_changed("- ", line, new[j1:j2], "red"), soft_wrap=True)
        for line in new[j1:j2]:
            out.print(_changed("+ ", line, old[i1:i2], "green"), soft_wrap=True)
    out.print()


def _context(out: Console, lines: list[str], *, at_start: bool, at_end: bool) -> None:
    head = [] if at_start else lines[:2]
    tail = [] if at_end else lines[max(len(head), len(lines) - 2) :]
    hidden = len(lines) - len(head) - len(tail)
    if hidden == 1:  # to say so would take as much room
        head, hidden = lines[: len(head) + 1], 0
    for line in head:
        out.print(Text(f"  {line}", style="dim"), soft_wrap=True)
    if hidden:
        out.print(Text(f"  … {hidden} lines", style="dim"), soft_wrap=True)
    for line in tail:
        out.print(Text(f"  {line}", style="dim"), soft_wrap=True)


def _changed(sign: str, line: str, others: list[str], style: str) -> Text:
    """A line that came or went; where its directive was there before, only the part that differs is strong."""
    name = line.partition("=")[0]
    twin = next((other for other in others if "=" in line and other.partition("=")[0] == name), None)
    painted = Text(sign, style=style)
    if twin is None:
        return painted.append(line)
    words = _WORD.findall(line)
    for tag, _, _, j1, j2 in difflib.SequenceMatcher(None, _WORD.findall(twin), words, autojunk=False).get_opcodes():
        painted.append("".join(words[j1:j2]), "" if tag == "equal" else f"bold reverse {style}")
    return painted


def summary(rows: Sequence[tuple[str, str, str, str]], counts: dict[str, int], where: str, color: bool) -> None:
    """What a build did: a row for each file with its kind, path and source, and a line of counts."""
    out = console(color)
    if rows:
        longest = (max(map(cell_len, column)) for column in list(zip(*rows, strict=True))[:3])
        headings = ("", "file", "from") if sum(longest) + 8 <= out.width else ("", "file")
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for heading in headings:
            table.add_column(heading, overflow="fold")
        for kind, path, source, _ in rows:
            sign, style = _KINDS[kind]
            cells = (Text(f"{sign} {kind}", style=style), Text(path), Text(source, style="dim"))
            table.add_row(*cells[: len(headings)])
        out.print(table)
    line = Text(f"{where}: ", style="bold")
    shown = [(kind, count) for kind, count in counts.items() if count]
    for i, (kind, count) in enumerate(shown):
        line.append(f"{', ' if i else ''}{count} {kind}", _KINDS[kind][1])
    out.print(line if shown else line.append("nothing to build"), soft_wrap=True)
