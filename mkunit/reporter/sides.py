"""A unit file's change as lines: in one column, or before and after side by side; words that differ stand out."""

import difflib
import re
from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from mkunit.reporter.clean import printable

_WORD = re.compile(r"[\w@.-]+|\s+|.")
_AROUND = 2  # lines of context
Pair = tuple[str | None, str | None]


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Pair]]:
    """Lines that belong together, with what became of them: `equal`, `replace`, `delete`, `insert` or `skip`."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        if group[0][1]:
            yield "skip", (None, None)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (("equal", (line, line)) for line in before[i1:i2])
            else:
                yield from (("change", pair) for pair in _matched(before[i1:i2], after[j1:j2]))


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Old lines beside the new ones of the same directive, in the order of the new."""
    left = list(old)
    for line in new:
        key = line.partition("=")[0]
        twin = next((other for other in left if "=" in line and other.partition("=")[0] == key), None)
        if twin is None:
            yield None, line
            continue
        while left[0] != twin:
            yield left.pop(0), None
        yield left.pop(0), line
    yield from ((line, None) for line in left)


def single(before: Sequence[str], after: Sequence[str]) -> Text:
    """One column: the old line above the new one."""
    out = Text()
    for tag, (old, new) in _pairs(before, after):
        if tag == "skip":
            out.append("  …\n", "dim")
        elif tag == "equal":
            out.append("  ").append(_syntax(new or "", "dim")).append("\n")
        else:
            if old is not None:
                out.append("- ", "red").append(_marked(old, new, "red")).append("\n")
            if new is not None:
                out.append("+ ", "green").append(_marked(new, old, "green")).append("\n")
    out.rstrip()
    return out


def both(before: Sequence[str], after: Sequence[str]) -> Table:
    """Two columns: before, and after."""
    table = Table.grid(padding=(0, 1), expand=True)
    for _ in range(2):
        table.add_column(width=1)
        table.add_column(ratio=1, overflow="fold")
    for tag, (old, new) in _pairs(before, after):
        if tag == "skip":
            table.add_row("", Text("…", "dim"), "", Text("…", "dim"))
        elif tag == "equal":
            table.add_row("", _syntax(old or "", "dim"), "", _syntax(new or "", "dim"))
        else:
            left = (Text("-", "red"), _marked(old, new, "red")) if old is not None else ("", "")
            right = (Text("+", "green"), _marked(new, old, "green")) if new is not None else ("", "")
            table.add_row(*left, *right)
    return table


def _syntax(line: str, style: str = "") -> Text:
    """A line of a unit file: sections, names and comments each in their colour."""
    line = printable(line)
    if line.startswith("["):
        return Text(line, f"{style} bold".strip())
    if line.startswith(("#", ";")):
        return Text(line, f"{style} italic".strip())
    name, equals, value = line.partition("=")
    return Text.assemble((name, f"{style} cyan".strip()), (equals + value, style)) if equals else Text(line, style)


def _marked(line: str, other: str | None, style: str) -> Text:
    """A line that came or went; of one that changed, the words that differ stand out."""
    text = _syntax(line)
    text.stylize(style)
    if other is None:
        return text
    words, others = _WORD.findall(printable(line)), _WORD.findall(printable(other))
    place = 0
    for tag, _, _, j1, j2 in difflib.SequenceMatcher(None, others, words, autojunk=False).get_opcodes():
        length = sum(map(len, words[j1:j2]))
        if tag != "equal":
            text.stylize(f"bold reverse {style}", place, place + length)
        place += length
    return text
