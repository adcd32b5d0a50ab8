"""`mkunit init`: a repository to start from, which builds and is tested; what is there is never overwritten."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, Origin, RefusedError, Severity
from mkunit.pipeline.project import build_project
from mkunit.settings import FILE, find
from mkunit.system.files import Changes, read

USAGE = "mkunit init [DIR] [options]"
UNITS = '''"""Says hello to whoever connects: `mkunit run hello`, and `mkunit probe 7070` in another terminal."""

from mkunit import Service, Socket, cmd

Service(
    "hello@",
    exec_start=cmd("/usr/bin/printf", "hello from %s\\n", "mkunit"),
    standard_input="socket",
    standard_error="journal",
    collect_mode="inactive-or-failed",
)

Socket("hello", listen=["127.0.0.1:7070"], accept=True)
'''
TABLE = """[tool.mkunit]
scope = "{scope}"  # "system" or "user": of units that do not say
systemd = {systemd}       # the oldest systemd that is to run them
"""
TEST = '''"""Each unit file against its snapshot: a change to a unit is reviewed as a change of unit files."""


def test_unit_file(unit_file):
    """`pytest --snapshot-update` agrees to a change, and `git diff` shows it."""
    unit_file.assert_snapshot()


def test_units_are_valid(units, assert_valid):
    """Nothing is refused, ignored or lost by the systemd that the project is for."""
    assert_valid(units)
'''
TESTS = "tests/test_units.py"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Start a repository of units: a units file, a table in pyproject.toml, a test, and the snapshots that it"
        " compares with. Nothing that is there is changed, but for the table, which is added."
    )
    parser.epilog = "examples:\n  mkunit init\n  mkunit init ./infrastructure --user"
    parser.add_argument("place", nargs="?", metavar="DIR", help="where (default: here)")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="the system's (default)")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="those of a user")
    parser.add_argument("--dry-run", action="store_true", help="say what would be made, and make nothing")


def run(given: Namespace, ui: Ui) -> int:
    root = folder(given) / (given.place or ".")
    if root.exists() and not root.is_dir():
        raise RefusedError(Diagnostic("foreign-file", "is no folder", "name another", Origin(str(root))))
    wanted = _wanted(root, given.scope or "system")
    rows = [{"path": path, "change": _change(root / path, text)} for path, text in wanted.items()]
    if not given.dry_run:
        _make(root, wanted)
    for path, text in wanted.items():
        ui.say(f"{'would make' if given.dry_run else 'new'} {path}" if text is not None else f"unchanged {path}")
    if not given.dry_run:
        snapshots = _snapshots(root, ui) if wanted[TESTS] is not None else []
        rows += [{"path": path, "change": "new"} for path in snapshots]
        ui.say("next: `mkunit build`; `mkunit run hello` tries it; `pytest`, with mkunit[test], compares the snapshots")
    if ui.json:
        ui.document({"files": rows})
    return 0


def _change(place: Path, text: str | None) -> str:
    return "unchanged" if text is None else "changed" if place.exists() else "new"


def _make(root: Path, wanted: Mapping[str, str | None]) -> None:
    changes = Changes()
    for path, text in wanted.items():
        if text is not None:
            changes.write(root / path, text)
    changes.commit()


def _wanted(root: Path, scope: str) -> dict[str, str | None]:
    """The files to make with their text; None for those that are to stay as they are."""
    units = root / "units"
    has_units = units.is_dir() and any(units.glob("*.py"))
    found: dict[str, str | None] = {
        "units/hello.py": None if has_units else UNITS,
        FILE: _table(root / FILE, scope),
        TESTS: None if (root / TESTS).exists() else TEST,
    }
    return found


def _table(file: Path, scope: str) -> str | None:
    """The settings file with a table of ours at its end, None where it has one."""
    before = read(file)
    if before is None and (file.exists() or file.is_symlink()):
        raise RefusedError(Diagnostic("foreign-file", "is no regular file", "move it away first", Origin(FILE)))
    if before is not None and "[tool.mkunit" in before:
        return None
    table = TABLE.format(scope=scope, systemd=252)
    return table if not before else f"{before.rstrip()}\n\n{table}"


def _snapshots(root: Path, ui: Ui) -> list[str]:
    """What the units render to now, so that the test has something to compare with."""
    settings = find(root)
    builds, _ = build_project(settings, (), {}, None, bool(settings.hosts))
    changes, made = Changes(), []
    for file in (file for built in builds for file in built.files):
        path = Path("tests/__snapshots__", file.host or "", file.scope, file.path)
        if not (root / path).exists():
            changes.write(root / path, file.text)
            ui.say(f"new {path}")
            made.append(str(path))
    changes.commit()
    warnings = [one for built in builds for one in built.warnings if one.severity is not Severity.INFO]
    ui.diagnostics(warnings)
    return made
