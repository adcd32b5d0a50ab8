"""When calendar expressions elapse next: systemd-analyze says, where there is one."""

import os
import re
import subprocess
from collections.abc import Sequence

_LINE = re.compile(r"^\s*(?:Next elapse|Iter(?:\.|ation) #\d+): (.+)$", re.MULTILINE)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def elapses(expressions: Sequence[str], count: int = 3) -> list[str]:
    """The next times at which one of the expressions elapses, soonest first; none where nobody can tell."""
    if not expressions:
        return []
    command = ["systemd-analyze", "calendar", f"--iterations={count}", "--", *expressions]
    environment = {**os.environ, "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": "", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    found = {line for line in _LINE.findall(done.stdout) if _STAMP.search(line)}
    return sorted(found, key=lambda line: match[0] if (match := _STAMP.search(line)) else line)[:count]
