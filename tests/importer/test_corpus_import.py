"""Every unit that a machine has becomes Python, and comes back as what it was: 100 % by meaning."""

import time
from pathlib import Path

import pytest
from importer_corpus import sheets, unit_files

from mkunit import importer
from mkunit.importer import proof
from mkunit.model.unit import Unit
from mkunit.renderer import text


def built(file: Path, *, merge: bool = False) -> list[Unit]:
    return list(proof.again(importer.convert(sheets(file, merge=merge), "system", "x.").text, "system"))


@pytest.mark.parametrize("file", unit_files(), ids=lambda file: "/".join(file.parts[-3:]))
def test_round_trip(file: Path) -> None:
    """An import refuses what does not mean the same: here it refuses nothing, and builds what was there."""
    assert {unit.path for unit in built(file)} == {sheet.unit.path for sheet in sheets(file)}
    built(file, merge=True)


def test_again_is_the_same() -> None:
    """What an import made, once rendered, is imported as the same Python."""
    from mkunit import parser

    for file in unit_files()[::7]:
        first = importer.convert(sheets(file), "system", "x.").text
        units = proof.again(first, "system")
        parsed = [(parser.parse(text(unit).encode(), unit.name, unit.path, unit.dropin), unit) for unit in units]
        again = [importer.sheet(one, unit.scope or "system") for one, unit in parsed]
        bare = [sheet._replace(remarks=sheet.remarks._replace(above=(), lines={}, below=())) for sheet in sheets(file)]
        assert importer.convert(again, "system", "x.").text == importer.convert(bare, "system", "x.").text


def test_all_in_one_file() -> None:
    """Hundreds of units that name one another, circles included, as one units file; it takes seconds at most."""
    found = {}
    for file in unit_files():
        for sheet in sheets(file):
            found.setdefault((sheet.unit.scope, sheet.unit.path), sheet)
    start = time.process_time()
    importer.convert(list(found.values()), "system", "all.")
    assert time.process_time() - start < 0.02 * len(found) + 1


def test_no_comment_is_lost() -> None:
    """Each word of each comment stands in the Python."""
    for file in unit_files()[::3]:
        python = importer.convert(sheets(file), "system", "x.").text
        for sheet in sheets(file):
            remarks = sheet.remarks
            comments = [*remarks.above, *remarks.below, *(c for lines in remarks.lines.values() for c in lines)]
            assert [comment for comment in comments if comment.strip() not in python] == []
