"""Mends: one keyword or one line is rewritten, and not a character of the rest."""

import pytest

from mkunit.checker import rewrite_file, rewrite_python
from mkunit.checker.mends import Mend

DROP = Mend("drop", "Backlog")
NICE = Mend("set", "Nice", "5")
AFTER = Mend("add", "After", "b.service")
WITHOUT = Mend("without", "After", "b.service")


def service(text: str, mend: Mend) -> str | None:
    return rewrite_python.rewritten(text, 1, "a.service", mend)


def socket(text: str, mend: Mend) -> str | None:
    return rewrite_python.rewritten(text, 1, "a.socket", mend)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('Socket("a", backlog=5, listen=[80])\n', 'Socket("a", listen=[80])\n'),
        ('Socket("a", listen=[80], backlog=5)\n', 'Socket("a", listen=[80])\n'),
        ('Socket("a", listen=[80], backlog=5,)\n', 'Socket("a", listen=[80], )\n'),
        ('Socket("a", listen=["ä"], backlog=5)  # ü\n', 'Socket("a", listen=["ä"])  # ü\n'),
        ('Socket(\n    "a",\n    backlog=5,\n    listen=[80],\n)\n', 'Socket(\n    "a",\n    listen=[80],\n)\n'),
        ('Socket(\n    "a",\n    listen=[80],\n    backlog=5\n)\n', 'Socket(\n    "a",\n    listen=[80]\n)\n'),
        ('Socket("a", backlog=max(1,\n  2), listen=[80])', 'Socket("a", listen=[80])'),
        ('Socket("a", listen=[80])\n', None),
        ('Socket("a", **common)\n', None),
        ('Socket(name, backlog=5)\n', None),
        ('Socket("b", backlog=5)\n', None),
        ('Socket("a", backlog=5\n', None),
    ],
)  # fmt: skip
def test_drop(before: str, after: str | None) -> None:
    """A keyword goes, with its line if it has one of its own."""
    assert socket(before, DROP) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('Service("a", nice=1)\n', 'Service("a", nice="5")\n'),
        ('Service("a")\n', 'Service("a", nice="5")\n'),
        ('Service(\n  "a",\n  user="x",\n)\n', 'Service(\n  "a",\n  user="x",\n  nice="5",\n)\n'),
        ('Service(\n  "a",\n  user="x"  # why\n)\n', 'Service(\n  "a",\n  user="x",\n  nice="5"  # why\n)\n'),
        ('Service("a", nice=NICE)\n', None),
        ('Service("a", **common)\n', None),
    ],
)  # fmt: skip
def test_set(before: str, after: str | None) -> None:
    """A value that is written out is replaced; a keyword that is not there comes last."""
    assert service(before, NICE) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('Service("a", after="x.service")', 'Service("a", after=["x.service", "b.service"])'),
        ('Service("a", after=db)', 'Service("a", after=[db, "b.service"])'),
        ('Service("a", after=[db])', 'Service("a", after=[db, "b.service"])'),
        ('Service("a", after=[])', 'Service("a", after=["b.service"])'),
        ('Service("a", after=[\n    db,\n])', 'Service("a", after=[\n    db, "b.service",\n])'),
        ('Service("a", after=both())', None),
    ],
)
def test_add(before: str, after: str | None) -> None:
    assert service(before, AFTER) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('Service("a", after="b.service")', 'Service("a")'),
        ('Service("a", after="b.service c.service")', 'Service("a", after="c.service")'),
        ('Service("a", after=["b.service"])', 'Service("a")'),
        ('Service("a", after=["b.service", c])', 'Service("a", after=[c])'),
        ('Service("a", after=[c, "b.service"])', 'Service("a", after=[c])'),
        ('Service("a", after=[c, "b.service", d])', 'Service("a", after=[c, d])'),
        ('Service("a", after=b)', None),
        ('Service("a", after="c.service")', None),
    ],
)
def test_without(before: str, after: str | None) -> None:
    assert service(before, WITHOUT) == after


def test_rename() -> None:
    mend = Mend("rename", "MemoryLimit", "MemoryMax")
    assert service('Service("a", memory_limit=SIZE)', mend) == 'Service("a", memory_max=SIZE)'


UNIT = (
    "# mine\n[Unit]\nAfter=b.service c.service\n\n[Service]\nExecStart=/a\nNice = 1\n\n[Install]\nWantedBy=x.target\n"
)


@pytest.mark.parametrize(
    ("line", "mend", "old", "new"),
    [
        (3, WITHOUT, "b.service c.service", "c.service"),
        (3, Mend("add", "After", "d.service"), "c.service", "c.service d.service"),
        (7, NICE, "Nice = 1", "Nice =5"),
        (7, Mend("drop", "Nice"), "Nice = 1\n", ""),
        (7, Mend("rename", "Nice", "Mean"), "Nice", "Mean"),
        (6, Mend("set", "User", "kim"), "Nice = 1\n", "Nice = 1\nUser=kim\n"),
        (6, Mend("add", "Wants", "d.service"), "c.service\n", "c.service\nWants=d.service\n"),
    ],
)
def test_unit_file(line: int, mend: Mend, old: str, new: str) -> None:
    assert rewrite_file.rewritten(UNIT, line, "a.service", mend) == UNIT.replace(old, new)


def test_unit_file_without_the_section() -> None:
    text = "[Service]\nExecStart=/a"
    assert rewrite_file.rewritten(text, 2, "a.service", AFTER) == f"[Unit]\nAfter=b.service\n\n{text}"
    assert rewrite_file.rewritten(text, 2, "a.service", NICE) == f"{text}\nNice=5\n"


@pytest.mark.parametrize(
    "text", ["[Unit]\nAfter=b.service \\\n  c.service\n", "[Unit]\nDescription=\\\nAfter=b.service\n"]
)
def test_continued_lines_are_left_alone(text: str) -> None:
    line = text.split("\n").index(next(line for line in text.split("\n") if line.startswith("After"))) + 1
    assert rewrite_file.rewritten(text, line, "a.service", WITHOUT) is None
