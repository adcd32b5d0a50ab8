"""Write the table of system calls from systemd's own sources: `words.py 252=TREE 257=TREE …`, the oldest first."""

import re
import sys
from pathlib import Path

TABLE = Path(__file__).parent.parent / "mkunit" / "catalog" / "values" / "syscalls.tsv"


def calls(tree: Path) -> set[str]:
    """The names of system calls and of their groups that a systemd knows."""
    shared = tree / "src" / "shared"
    source = (shared / "seccomp-util.c").read_text(encoding="utf-8")
    tables = source[source.index("syscall_filter_sets[") :]
    tables = tables[: tables.index("\n};")]
    names = set(re.findall(r'^ +"([a-z0-9_]+)\\0"', tables, re.MULTILINE))
    groups = set(re.findall(r'\.name = "(@[a-z-]+)"', tables))
    listed = next(tree.glob("src/**/syscall-list.txt")).read_text(encoding="utf-8").split()
    return names | groups | {name for name in listed if not name.startswith("#")}


def main(trees: list[str]) -> None:
    """Each name with the first systemd that knows it; those of the oldest have no number."""
    since: dict[str, str] = {}
    for place, argument in enumerate(trees):
        version, _, tree = argument.partition("=")
        for name in calls(Path(tree)):
            since.setdefault(name, version if place else "")
    rows = "".join(f"{name}\t{since[name]}\n" for name in sorted(since))
    TABLE.write_text("name\tsince\n" + rows, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
