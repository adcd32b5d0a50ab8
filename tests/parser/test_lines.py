"""Lines as systemd reads them: what ends them, what continues them, and what is a comment."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkunit.parser.lines import LONGEST, physical, split

ENDS = [b"\n", b"\r", b"\0", b"\r\n", b"\n\r", b"\n\0", b"\r\0", b"\r\n\0", b"\n\r\0"]


@pytest.mark.parametrize("end", ENDS)
def test_end(end: bytes) -> None:
    """LF, CR and NUL end a line, and a run made of one of each counts once."""
    assert list(physical(b"a" + end + b"b")) == [b"a", b"b"]


@pytest.mark.parametrize(
    ("data", "count"),
    [(b"\n\n", 2), (b"\r\r\n", 2), (b"\0\n", 2), (b"\0\0", 2), (b"\n\r\n\r", 2), (b"\r\n\r", 2), (b"\n\0\r", 2)],
)
def test_two_ends(data: bytes, count: int) -> None:
    """What repeats in a run of ends, and what follows a NUL, ends another line."""
    assert list(physical(data)) == [b""] * count


@pytest.mark.parametrize("other", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_no_end(other: str) -> None:
    """What Python takes for line ends, systemd does not."""
    text = f"a{other}b"
    assert [line.text for line in split(text.encode()).logical] == [text.encode()]


def texts(data: bytes) -> list[tuple[int, int, bytes]]:
    return [(line.first, line.last, line.text) for line in split(data).logical]


def test_continuation() -> None:
    """The backslash becomes one blank, and the next line keeps its own."""
    assert texts(b"A=a \\\n  b\nB=c") == [(1, 2, b"A=a    b"), (3, 3, b"B=c")]


@pytest.mark.parametrize(("data", "count"), [(b"a\\\nb", 1), (b"a\\\\\nb", 2), (b"a\\\\\\\nb", 1), (b"a\\ \nb", 2)])
def test_backslashes(data: bytes, count: int) -> None:
    """An odd number of backslashes at the very end continues a line."""
    assert len(split(data).logical) == count


def test_comments_within_continuations() -> None:
    """Comments are dropped before lines are joined, and continue nothing themselves."""
    found = split(b"A=a \\\n# one \\\n ; two\n b\n")
    assert [line.text for line in found.logical] == [b"A=a   b"]
    assert [(comment.line, comment.text) for comment in found.comments] == [(2, "# one \\"), (3, "; two")]


def test_blank_line_ends_a_continuation() -> None:
    assert texts(b"A=a \\\n\nB=c\n") == [(1, 2, b"A=a  "), (3, 3, b"B=c")]


def test_end_of_file_within_a_continuation() -> None:
    """What stands there counts, one line further down."""
    assert texts(b"A=a \\\n") == [(1, 2, b"A=a  ")]


def test_mark() -> None:
    """The byte order mark is skipped before the first line that has it; before a comment's sign it hides the sign."""
    mark = b"\xef\xbb\xbf"
    assert texts(mark + b"A\n") == [(1, 1, b"A")]
    assert texts(b"# a\n" + mark + b"A\n" + mark + b"B") == [(2, 2, b"A"), (3, 3, mark + b"B")]
    assert texts(mark + b"# a") == [(1, 1, b"# a")]


@pytest.mark.parametrize("start", [b"", b"# "])
def test_longest(start: bytes) -> None:
    """A line of 1 MiB is too long, a comment's too; one byte less is not."""
    fits = start + b"a" * (LONGEST - 1 - len(start))
    assert split(b"x\n" + fits + b"\ny").too_long is None
    assert split(b"x\n" + fits + b"a\ny").too_long == 2


def test_longest_joined() -> None:
    """Joined lines together may have exactly 1 MiB."""
    half = b"a" * (LONGEST // 2 - 1)
    assert split(half + b"\\\n" + half + b"b").too_long is None
    assert split(half + b"\\\n" + half + b"bb").too_long == 2


@given(st.binary(max_size=400))
def test_nothing_is_lost(data: bytes) -> None:
    """All bytes but the ends are in the lines, and no end is."""
    lines = list(physical(data))
    assert b"".join(lines) == bytes(byte for byte in data if byte not in b"\n\r\0")
    assert len(split(data).physical) == len(lines)


LARGE = {
    "ends": b"\n" * 80_000,
    "runs": b"\r\n\0" * 40_000,
    "continued": b"\\\n" * 60_000,
    "comments": b"#\\\n" * 40_000,
    "backslashes": b"\\" * 1_000_000 + b"\n",
    "keys": b"[Unit]\n" + b"A=b\n" * 30_000,
    "marks": b"\xef\xbb\xbf\n" * 30_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_linear(name: str) -> None:
    """Twice the bytes take about twice the time, whatever they are."""

    def measure(data: bytes) -> float:
        start = time.process_time()
        split(data)
        return time.process_time() - start

    data = LARGE[name]
    half = min(measure(data[: len(data) // 2]) for _ in range(3))
    assert min(measure(data) for _ in range(3)) < 4 * half + 0.03
