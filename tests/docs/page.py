"""A page of the documentation as what happens in it: files that are written, and commands with what they print.

```console
$ mkunit build            a command of an ordinary user; `$ sudo …` is root's
> …                       goes on with it
new units/web.py in …     what it prints, on a terminal of 100 columns without colours
Apply this? [y/N]: y      what stands after a question is typed, and `^C` pressed
…                         any lines; within a line any text
$ echo $?                 must follow a command that fails, but not one that was interrupted
6
```

A block in another language whose first line is a comment with nothing but a path, `# units/web.py`, is that file.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, Protocol

_FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:#|//|;) ((?:[\w@.\-\\]*/)*[\w@.\-\\]*\.\w+)\n")
_PROMPT, _MORE, _ANY = "$ ", "> ", "…"
ASKED = "echo $?"
# What is another at each time, where a page is written anew.
_VARIES = re.compile(
    r"(?<=\bpid )\d+|(?<=\bPID )\d+|(?<=\bin )\d+\.\d+(?= ?m?s\b)|(?<=\w\[)\d+(?=\]:)|^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d"
    r"|\b([A-Z][a-z]{2} )?\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?(\+\d\d:\d\d)?( [A-Z]{3,4}\b)?"
)


class Command(NamedTuple):
    """A command, and the lines that stand below it."""

    text: str
    printed: tuple[str, ...]


class Ended(NamedTuple):
    """What a command has really printed, and its exit code."""

    printed: tuple[str, ...]
    code: int


class Place(Protocol):
    """Where a page happens."""

    def write(self, path: str, text: str) -> None: ...

    def run(self, command: Command) -> Ended: ...


def commands(block: str) -> Iterator[Command]:
    """The commands of a console block."""
    text, printed = "", list[str]()
    for line in block.splitlines():
        if line.startswith(_PROMPT):
            if text:
                yield Command(text, tuple(printed))
            text, printed = line.removeprefix(_PROMPT), []
        elif line.startswith(_MORE) and not printed:
            text += "\n" + line.removeprefix(_MORE)
        else:
            assert text, f"the block begins with {line!r}, and not with a command"
            printed.append(line)
    if text:
        yield Command(text, tuple(printed))


def happened(page: str, place: Place) -> str:
    """The page as it should be, after all that stands in it has happened there."""

    def block(match: re.Match[str]) -> str:
        fence, language, text = match.groups()
        if language == "console":
            text = _console(text, place)
            while f"\n{fence}" in text:
                fence += "`"
            return f"{fence}console\n{text}{fence}"
        if file := _FILE.match(text):
            place.write(file[1], text)
        return match[0]

    return _FENCE.sub(block, page)


def runs(page: str) -> bool:
    """Whether there is a command in it."""
    return any(match[2] == "console" for match in _FENCE.finditer(page))


def _console(block: str, place: Place) -> str:
    told = list(commands(block))
    lines: list[str] = []
    for i, command in enumerate(told):
        ended = place.run(command)
        lines += [_PROMPT + command.text.replace("\n", "\n" + _MORE), *renewed(command.printed, ended.printed)]
        if ended.code and ended.printed[-1:] != ("^C",) and not (i + 1 < len(told) and told[i + 1].text == ASKED):
            lines += [_PROMPT + ASKED, str(ended.code)]
    return "".join(f"{line}\n" for line in lines)


def renewed(told: Sequence[str], printed: Sequence[str]) -> tuple[str, ...]:
    """What is told where it is true; otherwise what was printed, with as much of what may differ as can be kept."""
    if _lines(told).fullmatch("".join(f"{line}\n" for line in printed)):
        return tuple(told)
    loose = [line for line in told if _ANY in line and line != _ANY]
    found = [
        next((line for line in loose if _line(line).fullmatch(text)), _VARIES.sub(_open, text)) for text in printed
    ]
    kept: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, told, found, autojunk=False).get_opcodes():
        kept += told[a:b] if what == "equal" or list(told[a:b]) == [_ANY] else found[c:d]
    return tuple(kept)


def _open(match: re.Match[str]) -> str:
    """As wide as what it stands for, where it is in a column of a table."""
    wide = match.string[match.end() :].startswith("  ")
    return _ANY.ljust(len(match[0])) if wide else _ANY


def before(told: Sequence[str], line: str) -> re.Pattern[str]:
    """What is printed before that line, which is in `told`."""
    return _lines(told[: list(told).index(line)])


def _lines(told: Sequence[str]) -> re.Pattern[str]:
    return re.compile("".join(r"(?:.*\n)*" if line == _ANY else f"{_line(line).pattern}\\n" for line in told))


def _line(told: str) -> re.Pattern[str]:
    if told.strip() == _ANY:  # mkunit itself says so where lines of a diff are left out
        return re.compile(re.escape(told))
    first, *rest = told.split(_ANY)
    return re.compile(re.escape(first) + "".join(f".+{_after(text)}" for text in rest))


def _after(text: str) -> str:
    """What follows what may differ; the next column of a table stays where it is, whatever is in this one."""
    words = text.lstrip(" ")
    return (" *" if len(text) - len(words) > 1 else " " * (len(text) - len(words))) + re.escape(words)
