"""Write the table of system calls from systemd's own sources: `words.py 252=TREE 257=TREE …`, the oldest first.

systemd asks libseccomp what a name means; what that library was seen to know otherwise is corrected here.
"""

import re
import sys
from pathlib import Path

TABLE = Path(__file__).parent.parent / "mkunit" / "catalog" / "values" / "syscalls.tsv"
FOREIGN = re.compile(  # of architectures that libseccomp does not know, or no calls at all
    r"(?:osf|arc|or1k)_.*|dipc|exec_with_loader|execv|fstatat|getdomainname|getdtablesize|gethostname|getx[gpu]id"
    r"|kern_features|llseek|memory_ordering|newfstat|old_adjtimex|oldumount|perfctr|sched_[gs]et_affinity|sethae|setpgrp"
    r"|utrap_install"
)
OLDER = ("breakpoint", "cachestat", "get_tls", "usr26", "usr32")  # known before systemd listed them
NEWER = {  # known only with a libseccomp that came with a later systemd
    **dict.fromkeys(("atomic_barrier", "atomic_cmpxchg_32", "getpagesize", "riscv_hwprobe", "uretprobe"), "257"),
    **dict.fromkeys(("file_getattr", "file_setattr"), "262"),
}


def calls(tree: Path) -> set[str]:
    """The names of system calls and of their groups that a systemd knows."""
    source = (tree / "src" / "shared" / "seccomp-util.c").read_text(encoding="utf-8")
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
    since |= dict.fromkeys(OLDER, "") | NEWER
    rows = "".join(f"{name}\t{since[name]}\n" for name in sorted(since) if not FOREIGN.fullmatch(name))
    TABLE.write_text("name\tsince\n" + rows, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
