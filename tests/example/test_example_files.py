"""The files that the example in `units/` makes, each reviewed as a snapshot with its real name."""

import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from mkunit.model.unit import UnitFile
from mkunit.pipeline.project import build_project
from mkunit.settings import find

ROOT = Path(__file__).parent.parent.parent
SETTINGS = find(ROOT)


def files() -> list[UnitFile]:
    (built,), _ = build_project(SETTINGS, [], {}, None, False)
    assert built.warnings == ()
    return list(built.files)


class UnitSnapshot(SingleFileSnapshotExtension):
    """A file for each snapshot, with the suffix of the unit."""

    _write_mode = WriteMode.TEXT


@pytest.mark.parametrize("file", files(), ids=lambda file: re.sub(r"[^\w.@-]", "-", f"{file.scope}-{file.path}"))
def test_file(file: UnitFile, snapshot: SnapshotAssertion) -> None:
    """What stands in the file is what was last agreed to."""
    suffix = file.path.rpartition(".")[2]
    extension = type("UnitSnapshot", (UnitSnapshot,), {"file_extension": suffix})
    assert file.text == snapshot(extension_class=extension)
