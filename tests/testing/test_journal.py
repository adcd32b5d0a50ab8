"""Entries from the text that journalctl prints."""

import json
from pathlib import Path

from mkunit.testing.journal import about, complaints, entries


def test_every_field_comes_as_text() -> None:
    """Bytes, repeated fields and what was too long to be printed are text too."""
    line = json.dumps({"MESSAGE": "a", "BYTES": [104, 105], "TWICE": ["x", [121]], "LONG": None})
    assert list(entries(f"{line}\n")) == [{"MESSAGE": "a", "BYTES": "hi", "TWICE": "x\ny", "LONG": ""}]


def test_a_unit_writes_and_is_written_about() -> None:
    """Both are about the unit, in a user's manager as in the system's."""
    found = [
        {"UNIT": "a.service"},
        {"_SYSTEMD_UNIT": "a.service"},
        {"USER_UNIT": "a.service"},
        {"UNIT": "b.service"},
        {},
    ]
    assert list(about("a.service", found)) == found[:3]


def test_complaints_are_those_about_the_files() -> None:
    """Paths may be given as text or as Path."""
    found = [{"CONFIG_FILE": "/a"}, {"CONFIG_FILE": "/b"}, {"CONFIG_FILE": "/c"}, {"UNIT": "/a"}]
    assert list(complaints(["/a", Path("/b")], found)) == found[:2]
