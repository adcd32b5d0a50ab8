"""A help fitted to the terminal: prose, the list of commands, and examples that a shell still understands."""

import re
import textwrap

_ROW = re.compile(r"  (?:\d+ |\S+  +)(?=\S)")  # a command and what it is for, an exit code
_WORD = r"""(?:[^\s"']|"[^"]*"|'[^']*')+"""
_PIECE = re.compile(rf"-{_WORD} (?!-){_WORD}|{_WORD}")  # a flag and its value, or a word


def wrapped(text: str, width: int) -> list[str]:
    """Prose in lines; a flag is one word."""
    return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False, break_long_words=False)


def fitted(text: str, width: int) -> str:
    """A description or an epilog: each of its lines is prose, or with two blanks before it a row or an example."""
    if "\n " not in text:  # one text, however it was written down
        return "\n".join(wrapped(text, width))
    return "\n".join(piece for line in text.split("\n") for piece in _fitted(line, width) or [""])


def _fitted(line: str, width: int) -> list[str]:
    if not line.startswith("  "):
        return wrapped(line, width)
    if row := _ROW.match(line):
        first, *others = wrapped(line[row.end() :], max(width - row.end(), 20))
        return [row[0] + first, *(" " * row.end() + other for other in others)]
    return example(line.strip(), width)


def example(line: str, width: int) -> list[str]:
    r"""A command line, broken as a shell allows it.

    >>> example("mkunit service web --exec 'a program'", 30)
    ['  mkunit service web \\', "      --exec 'a program'"]
    """
    lines = ["  "]
    for word in _PIECE.findall(line):
        if len(lines[-1]) + len(word) > width - 2 and lines[-1].strip():
            lines[-1] += "\\"
            lines.append("      ")
        lines[-1] += f"{word} "
    return [one.rstrip() for one in lines]
