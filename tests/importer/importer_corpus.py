"""Unit files that exist: those of the machine's systemd, its own set-up, and what Debian's packages bring."""

import os
from pathlib import Path

from mkunit import importer, parser
from mkunit.importer import Sheet
from mkunit.parser.files import Loaded

CORPUS = Path(os.environ.get("MKUNIT_CORPUS") or Path(__file__).parents[3] / "shared/corpus/debian")
ROOTS = (Path("/usr/lib/systemd/system"), Path("/usr/lib/systemd/user"), Path("/etc/systemd"), CORPUS)


def unit_files() -> list[Path]:
    """All of them; none that only masks, and each link by the file that it leads to."""
    found = [file for root in ROOTS for file in sorted(root.rglob("*")) if parser.is_unit_file(file)]
    return [file for file in found if file.is_file() and file.stat().st_size and not file.is_symlink()]


def scope(file: Path) -> str:
    return "user" if "user" in file.parts else "system"


def loaded(file: Path) -> Loaded:
    return parser.load(file, str(file), 0)


def sheets(file: Path, *, merge: bool = False) -> list[Sheet]:
    """A file, and its drop-ins."""
    found = [importer.sheet(parsed, scope(file)) for parsed in loaded(file).files]
    return [importer.merged(found[0], found[1:])] if merge else found
