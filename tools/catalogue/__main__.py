"""The command line: `python -m tools.catalogue fetch|extract|options|check`, from the root of the repository."""

import argparse
import difflib
import sys
from pathlib import Path

from tools.catalogue import fetch, options, rows

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "mkunit/catalog/directives.tsv"
OPTIONS = ROOT / "mkunit/dsl/options.py"
ITEMS = ROOT / "tests/catalog"


def _stale(path: Path, wanted: str) -> bool:
    """Whether a file is not what it would be if it were written now; the difference goes to stdout."""
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    name = str(path.relative_to(ROOT))
    lines = difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), name, f"{name}, generated")
    sys.stdout.writelines(lines)
    return found != wanted


def _items(folder: Path) -> dict[Path, str]:
    """The names alone of what each systemd knows, by which the tests tell whether the table has all of them."""
    return {
        ITEMS / f"items-{source.version}.txt": "".join(f"{section}.{name}\n" for section, name in sorted(source.items))
        for source in rows.sources(folder)
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.catalogue")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch", help="get systemd's sources").add_argument("folder", type=Path)
    commands.add_parser("extract", help="write the table of directives from them").add_argument("folder", type=Path)
    commands.add_parser("options", help="write the types of the builders from the table")
    check = commands.add_parser("check", help="is what was generated up to date?")
    check.add_argument("folder", type=Path, nargs="?", help="systemd's sources, to check the table too")
    return parser.parse_args()


def main() -> int:
    given = _arguments()
    match given.command:
        case "fetch":
            given.folder.mkdir(parents=True, exist_ok=True)
            fetch.fetch(given.folder)
        case "extract":
            TABLE.write_text(rows.text(given.folder), encoding="utf-8")
            for path, text in _items(given.folder).items():
                path.write_text(text, encoding="utf-8")
        case "options":
            OPTIONS.write_text(options.text(), encoding="utf-8")
        case "check":
            made = {OPTIONS: options.text()}
            if given.folder is not None:
                made |= {TABLE: rows.text(given.folder), **_items(given.folder)}
            return int(bool(sum(_stale(path, text) for path, text in made.items())))  # each, to show all differences
    return 0


if __name__ == "__main__":
    sys.exit(main())
