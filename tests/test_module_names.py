"""The names of test modules: pytest takes two of one name for the same."""

from collections import Counter
from pathlib import Path


def test_no_two_modules_have_one_name() -> None:
    """A name once in the whole tree."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py") if "broken" not in path.parts)
    assert [name for name, count in names.items() if count > 1] == []
