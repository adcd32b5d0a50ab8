"""What stands on a terminal after a program has written to it: lines that were painted over are gone, and so are colours."""

import re

_TOKEN = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[([?\d;]*)([A-Za-z])|\x1b[()].|\x1b.|(.)", re.DOTALL)


def shown(written: str) -> str:
    """The text, each line without the blanks at its end."""
    rows: list[list[str]] = [[]]
    row = column = 0
    for token in _TOKEN.finditer(written):
        number, what, char = token.groups()
        count = int(number) if number and number.isdigit() else 0
        if char == "\n":
            row += 1
        elif char == "\r":
            column = 0
        elif char == "\b":
            column = max(0, column - 1)
        elif char:
            line = rows[row]
            line += " " * (column + 1 - len(line))
            line[column] = char
            column += 1
        elif what == "A":
            row = max(0, row - (count or 1))
        elif what == "B":
            row += count or 1
        elif what == "G":
            column = max(0, count - 1)
        elif what == "K":
            del rows[row][0 if count == 2 else column :]
        elif what == "J":
            del rows[row][column:], rows[row + 1 :]
        rows += [[] for _ in range(row + 1 - len(rows))]
    return "\n".join("".join(line).rstrip() for line in rows)
