"""The examples in the docstrings."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import mkunit

FOLDER = Path(mkunit.__file__).parent
MODULES = [
    ".".join(("mkunit", *file.relative_to(FOLDER).with_suffix("").parts)).removesuffix(".__init__")
    for file in sorted(FOLDER.rglob("*.py"))
    if ">>> " in file.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    """What a docstring shows is what happens."""
    failed, tried = doctest.testmod(import_module(name))
    assert tried
    assert not failed
