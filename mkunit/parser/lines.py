"""From bytes to logical lines, exactly as systemd reads them (systemd.syntax(7)); what they mean is not looked at here.

Every step is linear in the size of the file.
"""

import re
from collections.abc import Iterator

from attrs import Factory, define, frozen

LONGEST = 1 << 20  # bytes in one line; systemd gives up the whole file beyond that
BLANKS = b" \t\n\r"
MARK = b"\xef\xbb\xbf"  # the UTF-8 byte order mark
# LF, CR and NUL end a line, and so does a run made of one of each; a NUL ends the run.
_END = re.compile(rb"(?:\n\r?|\r\n?)\x00?|\x00")


@frozen
class Comment:
    """A comment, its `#` or `;` included; `line` counts from 1."""

    line: int
    text: str


@frozen
class Line:
    """A line with its continuations joined, and the physical lines that it goes from and to."""

    first: int
    last: int  # the one that systemd's log names
    text: bytes


@define
class Lines:
    """A file taken apart."""

    physical: list[str] = Factory(list)
    comments: list[Comment] = Factory(list)
    logical: list[Line] = Factory(list)
    too_long: int | None = None  # the line at which systemd gives up


def physical(data: bytes) -> Iterator[bytes]:
    """The lines of a file without their ends; what is not ended by anything is a line too.

    >>> list(physical(b"a\\r\\nb\\0c"))
    [b'a', b'b', b'c']
    """
    start = 0
    for end in _END.finditer(data):
        yield data[start : end.start()]
        start = end.end()
    if start < len(data):
        yield data[start:]


def _continues(line: bytes) -> bool:
    """Whether a line goes on in the next: an odd number of backslashes stands at its end."""
    return line.endswith(b"\\") and (len(line) - len(line.rstrip(b"\\"))) % 2 == 1


def split(data: bytes) -> Lines:
    """All that stands in a file, up to the line at which systemd gives up."""
    found = Lines(physical=[line.decode("utf-8", "replace") for line in physical(data)])
    pieces: list[bytes] = []
    first, size, number, marked = 0, 0, 0, False
    for number, line in enumerate(physical(data), 1):
        if len(line) >= LONGEST:
            found.too_long = number
            return found
        if line.lstrip(BLANKS)[:1] in (b"#", b";"):
            found.comments.append(Comment(number, found.physical[number - 1].strip(" \t")))
            continue
        if not marked and line.startswith(MARK):
            line, marked = line[len(MARK) :], True
        if pieces and size + len(line) > LONGEST:
            found.too_long = number
            return found
        first = first if pieces else number
        goes_on = _continues(line)
        pieces.append(line[:-1] + b" " if goes_on else line)
        size += len(line)
        if not goes_on:
            found.logical.append(Line(first, number, b"".join(pieces)))
            pieces, size = [], 0
    if pieces:  # the file ends within a continued line, which systemd counts one line further
        found.logical.append(Line(first, number + 1, b"".join(pieces)))
    return found
