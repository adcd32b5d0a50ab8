"""Findings on a terminal with the line of the file that they are about; what is not printable is shown as escapes."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mkunit import catalog
from mkunit.errors import Diagnostic
from mkunit.reporter.clean import printable
from mkunit.reporter.paint import console, diagnostics

_TICKED = re.compile(r"`([^`]+)`")


def findings(found: Iterable[Diagnostic], lines: Mapping[str, Sequence[str]], color: bool) -> None:
    """Each finding, and below it its line, with the part that is meant underlined."""
    out = console(color)
    for one in found:
        diagnostics([one._replace(hint=None)], color)
        if one.origin and 0 < one.origin.line <= len(text := lines.get(one.origin.path, ())):
            _excerpt(out, one, text[one.origin.line - 1])
        if one.hint:
            out.print(Text.assemble(("  hint: ", "cyan"), one.hint), soft_wrap=True)


def _excerpt(out: Console, one: Diagnostic, line: str) -> None:
    start, end = span(one, line)
    number = str(one.origin.line if one.origin else "")
    before, meant = printable(line[:start]).lstrip(), printable(line[start:end])
    after = printable(line[end:])
    room = max(out.width - len(number) - 8, 20)
    if cell_len(before) > room // 2:
        before = "…" + before[-(room // 2) :]
    meant = meant[: max(room - cell_len(before), 8)]
    after = after[: max(room - cell_len(before) - cell_len(meant), 0)]
    gutter = f"  {number} │ "
    out.print(Text.assemble((gutter, "blue"), before, (meant, "bold"), after), soft_wrap=True)
    below = " " * (len(number) + 2) + " │ "
    caret = " " * cell_len(before) + "^" * max(cell_len(meant), 1)
    out.print(Text.assemble((below, "blue"), (caret, "red")), soft_wrap=True)


def span(one: Diagnostic, line: str) -> tuple[int, int]:
    """The part of a line that a finding is about: a word that it quotes, else the value, else the directive's name.

    >>> span(Diagnostic("bad-value", "`Type=`: `simpel` is no type"), "Type=simpel")
    (5, 11)
    """
    if one.origin and one.origin.path.endswith(".py"):
        return _in_python(one, line)
    equals = line.find("=")
    begin = equals + 1 if equals >= 0 else 0
    for word in _TICKED.findall(one.message):
        if not word.endswith("=") and (place := line.find(word, begin)) >= 0:
            return place, place + len(word)
    if one.code in ("unknown-directive", "newer-directive", "removed-directive", "deprecated-directive"):
        return _stripped(line, 0, equals)
    if equals < 0 or not line[begin:].strip():
        return _stripped(line, 0, len(line))
    return _stripped(line, begin, len(line))


def _in_python(one: Diagnostic, line: str) -> tuple[int, int]:
    """The argument of a keyword, a word that is quoted, or else the whole line.

    >>> from mkunit.errors import Origin
    >>> line = 'Service("api", nice=(1 + 1) * 20, restart="always")'
    >>> line[slice(*span(Diagnostic("bad-value", "`nice`: 40 is too much", None, Origin("a.py", 1)), line))]
    '(1 + 1) * 20'
    """
    words = _TICKED.findall(one.message)
    words += [word for word, place in catalog.keywords(_kind(one)).items() if place[1] == one.directive]
    for word in words:
        if found := re.search(rf"\b({re.escape(word.partition('=')[0])})\s*=(?!=)\s*", line):
            known = one.code in ("unknown-directive", "misplaced-directive", "misplaced-keyword")
            return found.span(1) if known else _stripped(line, found.end(), _argument_end(line, found.end()))
    for word in words:
        if (place := line.find(word)) >= 0:
            return place, place + len(word)
    return _stripped(line, 0, len(line))


def _kind(one: Diagnostic) -> str:
    kind = (one.unit or "").rpartition(".")[2]
    return kind if kind in catalog.kinds() else "service"


def _argument_end(line: str, start: int) -> int:
    """Where an argument of a call ends: at a comma or bracket of the call's own."""
    depth, quote = 0, ""
    for i, char in enumerate(line[start:], start):
        if quote:
            quote = "" if char == quote and line[i - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]},":
            if depth == 0:
                return i
            depth -= char != ","
    return len(line)


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    part = line[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
