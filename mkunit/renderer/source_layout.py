"""Nested pieces of Python to lines: one where it fits and no comment stands in it, else one for each item."""

from collections.abc import Iterator
from typing import NamedTuple

WIDTH = 100
INDENT = "    "


class Piece(NamedTuple):
    """An expression: its text, or what opens a group of items; `above` and `below` are comments."""

    text: str
    items: tuple["Piece", ...] = ()
    closing: str = ""
    comma: str = ", "
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()  # after the last item

    def after(self, text: str) -> "Piece":
        """The same with text in front, such as `key=`."""
        return self._replace(text=text + self.text)


def flat(piece: Piece) -> str | None:
    """All of it on one line; None where comments need more."""
    parts = []
    for item in piece.items:
        part = None if item.above else flat(item)
        if part is None:
            return None
        parts.append(part)
    return None if piece.below else f"{piece.text}{piece.comma.join(parts)}{piece.closing}"


def lines(piece: Piece, indent: str = "", tail: str = "") -> Iterator[str]:
    """The lines of a piece and of the comments above it, as a formatter would break them."""
    yield from (f"{indent}{comment}" for comment in piece.above)
    line = flat(piece)
    if line is not None and (not piece.items or len(indent) + len(line) + len(tail) <= WIDTH):
        yield f"{indent}{line}{tail}"
        return
    yield f"{indent}{piece.text}"
    for item in piece.items:
        yield from lines(item, indent + INDENT, piece.comma.rstrip())
    yield from (f"{indent}{INDENT}{comment}" for comment in piece.below)
    yield f"{indent}{piece.closing}{tail}"


def literal(value: object) -> str:
    """A Python literal as formatters write it: with double quotes, unless the other ones save escapes."""
    if isinstance(value, str):
        quoted = repr(value)
        if quoted.startswith("'") and ('"' not in value or "'" in value):
            quoted = '"' + quoted[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        return quoted
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def string(text: str, room: int = WIDTH - 5) -> Piece:
    """A string; one that is longer than the room goes on in the next lines, broken between words."""
    whole = literal(text)
    if len(whole) <= room or " " not in text.strip():
        return Piece(whole)
    rows, row = [], ""
    for word in text.split(" "):
        if row and len(literal(row)) + len(word) + 1 > WIDTH - 9:
            rows.append(row)
            row = ""
        row += f"{word} "
    rows.append(row[:-1])
    return Piece("(", tuple(Piece(literal(one)) for one in rows if one), ")", " ")


def sequence(items: Iterator[Piece] | list[Piece] | tuple[Piece, ...]) -> Piece:
    """A list."""
    return Piece("[", tuple(items), "]")
