"""A mend in a units file: the keyword alone is rewritten, and not a character of the rest.

In goes the file's text, out comes the new one, or None where the change cannot be made without guessing: the keyword
comes from a dict, the name from a variable, the value from somewhere else.
"""

import ast
from typing import NamedTuple

from mkunit import catalog
from mkunit.checker.mends import Mend
from mkunit.checker.places import calls


class _Text(NamedTuple):
    """A file's text, with the places of lines and columns as Python's parser counts them: in bytes."""

    lines: list[bytes]

    @classmethod
    def of(cls, text: str) -> "_Text":
        return cls(text.encode().splitlines(keepends=True))

    def at(self, line: int, column: int) -> int:
        return sum(map(len, self.lines[: line - 1])) + column

    def span(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.at(node.lineno, node.col_offset), self.at(end_line, end_column)

    def cut(self, start: int, end: int, new: str) -> str:
        raw = b"".join(self.lines)
        return (raw[:start] + new.encode() + raw[end:]).decode()


def rewritten(text: str, line: int, unit: str, mend: Mend) -> str | None:
    """The text with one directive of a unit changed; `line` is in the call of its builder."""
    call = _call(text, line, unit)
    if call is None:
        return None
    kind = unit.rpartition(".")[2]
    words = catalog.keywords(kind)
    name = next((word for word, place in words.items() if place[1] == mend.directive), None)
    own = next((word for word in call.keywords if word.arg == name), None)
    new = _changed(_Text.of(text), call, own, name or "", mend, kind)
    return new if new is not None and _parses(new) else None


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _call(text: str, line: int, unit: str) -> ast.Call | None:
    """The call around a line whose first argument is the unit's name, as it stands there."""
    names = (unit, unit.rpartition(".")[0])
    for call in calls(text):
        first = call.args[0] if call.args else None
        if (
            call.lineno <= line <= (call.end_lineno or line)
            and isinstance(first, ast.Constant)
            and first.value in names
        ):
            return call
    return None


def _changed(text: _Text, call: ast.Call, own: ast.keyword | None, name: str, mend: Mend, kind: str) -> str | None:
    match mend.action:
        case "drop":
            return _without_keyword(text, call, own) if own else None
        case "rename":
            new = next((word for word, place in catalog.keywords(kind).items() if place[1] == mend.word), None)
            start = text.span(own)[0] if own else 0
            return text.cut(start, start + len(name), new) if own and new else None
        case "set":
            return _replaced(text, own, _literal(mend.word)) if own else _with_keyword(text, call, name, mend.word)
        case "add":
            return _with_word(text, own, mend.word) if own else _with_keyword(text, call, name, mend.word)
        case "without":
            return _without_word(text, call, own, mend.word) if own else None
    return None


def _literal(word: str) -> str:
    return "True" if word == "yes" else f'"{word}"'


def _replaced(text: _Text, own: ast.keyword, new: str) -> str | None:
    """Another value, where the old one is written out."""
    if not isinstance(own.value, ast.Constant | ast.List):
        return None
    return text.cut(*text.span(own.value), new)


def _with_keyword(text: _Text, call: ast.Call, name: str, word: str) -> str | None:
    """One more keyword, below the last one if they have lines of their own."""
    if any(one.arg is None for one in call.keywords) or not name:
        return None  # the dict may have it
    nodes: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    last = max(nodes, key=lambda node: text.span(node)[1])
    end = text.span(last)[1]
    addition = f"{name}={_literal(word)}"
    if (last.end_lineno or 0) > call.lineno and last.lineno > call.lineno:
        line = text.lines[last.lineno - 1].decode()
        indent = line[: len(line) - len(line.lstrip())]
        return text.cut(end, end, f",\n{indent}{addition}")
    return text.cut(end, end, f", {addition}")


def _with_word(text: _Text, own: ast.keyword, word: str) -> str | None:
    """One more unit in a list, or beside the one that is there."""
    value = own.value
    if isinstance(value, ast.List):
        end = text.span(value.elts[-1])[1] if value.elts else text.span(value)[1] - 1
        return text.cut(end, end, f', "{word}"' if value.elts else f'"{word}"')
    if isinstance(value, ast.Constant | ast.Name):
        start, end = text.span(value)
        old = b"".join(text.lines)[start:end].decode()
        return text.cut(start, end, f'[{old}, "{word}"]')
    return None


def _without_word(text: _Text, call: ast.Call, own: ast.keyword, word: str) -> str | None:
    """One unit less; the keyword goes with the last one."""
    value = own.value
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        left = [one for one in value.value.split() if one != word]
        if len(left) == len(value.value.split()):
            return None
        return text.cut(*text.span(value), f'"{" ".join(left)}"') if left else _without_keyword(text, call, own)
    if isinstance(value, ast.List):
        at = next((i for i, one in enumerate(value.elts) if isinstance(one, ast.Constant) and one.value == word), None)
        if at is None:
            return None
        if len(value.elts) == 1:
            return _without_keyword(text, call, own)
        if at:
            return text.cut(text.span(value.elts[at - 1])[1], text.span(value.elts[at])[1], "")
        return text.cut(text.span(value.elts[0])[0], text.span(value.elts[1])[0], "")
    return None


def _without_keyword(text: _Text, call: ast.Call, own: ast.keyword) -> str:
    """The call without a keyword: with its line, if it has one of its own."""
    start, end = text.span(own)
    raw = b"".join(text.lines)
    before = text.lines[own.lineno - 1][: own.col_offset]
    rest = raw[end:]
    comma = len(rest) - len(rest.lstrip())
    if rest[comma : comma + 1] == b",":
        end += comma + 1
        line_end = raw.find(b"\n", end)
        if not before.strip() and not raw[end:line_end].strip():
            return text.cut(start - len(before), line_end + 1, "")
        while raw[end : end + 1] == b" ":
            end += 1
        return text.cut(start, end, "")
    # It is the last one: the comma before it goes, and what stands between.
    return text.cut(raw.rindex(b",", 0, start), end, "")
