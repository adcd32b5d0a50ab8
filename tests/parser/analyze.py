"""The real systemd's opinion of unit files: `systemd-analyze verify`, read by a program.

`MKUNIT_SYSTEMD_ANALYZE` names the command of another systemd than the machine's own.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ANALYZE = shlex.split(os.environ.get("MKUNIT_SYSTEMD_ANALYZE", "systemd-analyze"))
IS_THERE = shutil.which(ANALYZE[0]) is not None
_PLACE = re.compile(r"(/\S+?):(\d+): (.*)")
_REFUSED = re.compile(r"Unit (\S+) (?:has a bad unit file setting|failed to load|is masked)")


class Opinion(NamedTuple):
    """The places that systemd complains of, by path, and the units that it does not load."""

    places: Mapping[str, frozenset[int]]
    refused: frozenset[str]
    output: str


@cache
def version() -> int:
    """The installed systemd's version."""
    output = subprocess.run([*ANALYZE, "--version"], capture_output=True, text=True, check=True).stdout
    return int(output.split()[1])


def verify(folder: Path, *names: str) -> Opinion:
    """What systemd says of units of a folder, and of nothing else on this machine."""
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": "", "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"}
    environment.pop("SYSTEMD_LOG_LEVEL", None)
    arguments = ["verify", "--man=no", "--recursive-errors=no", *(f"./{name}" for name in names)]
    done = subprocess.run(
        [*ANALYZE, *arguments], cwd=folder, env=environment, capture_output=True, errors="replace", check=False
    )
    places: dict[str, set[int]] = {}
    for path, line, text in _PLACE.findall(done.stderr):
        if not text.startswith("Unit configuration has fatal error"):
            places.setdefault(path, set()).add(int(line))
    refused = frozenset(_REFUSED.findall(done.stderr))
    return Opinion({path: frozenset(lines) for path, lines in places.items()}, refused, done.stderr)
