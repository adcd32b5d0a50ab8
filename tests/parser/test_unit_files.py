"""Every unit file that the machine's systemd and Debian's packages bring: not one false error."""

import os
import time
from pathlib import Path

from mkunit import parser
from mkunit.cli.validate import examine, installed
from mkunit.errors import Severity

CORPUS = Path(os.environ.get("MKUNIT_CORPUS") or Path(__file__).parents[3] / "shared/corpus/debian")
ROOTS = (Path("/usr/lib/systemd/system"), Path("/usr/lib/systemd/user"), CORPUS)


def unit_files() -> list[Path]:
    return [file for root in ROOTS for file in sorted(root.rglob("*")) if parser.is_unit_file(file) and file.is_file()]


def test_no_false_error() -> None:
    """They are what systemd loads without a complaint, for the version that they were packaged for."""
    systemd = installed() or 252
    found = []
    for file in unit_files():
        scope = "user" if "user" in file.parts else "system"
        loaded = parser.load(file, str(file), systemd)
        masked = any(trouble.code == "masked-unit" for trouble in loaded.troubles)
        if not masked:
            found += [one for report in examine([loaded], systemd, scope) for one in report.found]
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []


def test_quick() -> None:
    """A file takes a few milliseconds at most."""
    files = unit_files()
    start = time.process_time()
    for file in files:
        examine([parser.load(file, str(file))], 252, "system")
    assert time.process_time() - start < 0.01 * len(files) + 1


def test_nothing_is_lost() -> None:
    """Every line with text is an entry, a header, a comment, or a part of one."""
    for file in unit_files():
        parsed = parser.parse(file.read_bytes(), file.name, str(file))
        starts = {e.origin.line for e in parsed.unit.entries if e.origin} | {header.line for header in parsed.headers}
        starts |= {comment.line for comment in parsed.comments}
        covered = {line for first, last in parsed.last.items() for line in range(first, last + 1)} | starts
        assert [i for i, line in enumerate(parsed.lines, 1) if line.strip() and i not in covered] == []
