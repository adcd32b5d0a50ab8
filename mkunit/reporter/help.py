"""A command's help on a terminal: headings, flags and what they take stand out."""

import re
import sys

from rich.text import Text

from mkunit.reporter.paint import console

_HEADING = re.compile(r"^\S.*:$")
_FLAG = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_VALUE = re.compile(r"(?<![\w`])[A-Z]+(?:[|=][A-Z]+)*(?![\w`-])")
_TICKED = re.compile(r"`[^`]+`")


def paint(text: str) -> None:
    """Show the text of a help on standard output."""
    out = console(True, sys.stdout)
    example = False
    for line in text.rstrip("\n").split("\n"):
        if _HEADING.match(line):
            example = line.startswith("example")
            out.print(Text(line, style="bold"), soft_wrap=True)
        elif example and line.startswith(" "):
            out.print(Text(line, style="green"), soft_wrap=True)
        else:
            out.print(_line(line), soft_wrap=True)


def _line(line: str) -> Text:
    painted = Text(line)
    # A flag's own line starts with it; what comes after two blanks is said about it.
    end = next((match.start() for match in re.finditer(r"(?<=\S)  +", line)), len(line))
    if line.startswith("usage: "):
        painted.stylize("bold", 0, 6)
        end = len(line)
    if line.startswith(("  -", "usage: ")):
        painted.highlight_regex(_FLAG, "cyan")
        for match in _VALUE.finditer(line, 0, end):
            painted.stylize("yellow", match.start(), match.end())
    elif re.match(r"  [a-z]+  +\S", line):  # a command and what it is for
        painted.stylize("cyan", 2, end)
    painted.highlight_regex(_TICKED, "bold")
    return painted
