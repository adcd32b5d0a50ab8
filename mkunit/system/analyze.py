"""This machine's systemd-analyze: its verdict on unit files, and its rating of services."""

import json
import os
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mkunit import catalog
from mkunit.errors import Diagnostic, SystemdError

PROGRAM = "systemd-analyze"
TIMEOUT = 120.0
_LINE = re.compile(r"(?P<path>/\S[^:]*):(?P<line>\d+): (?P<text>.*)")
_OVERALL = re.compile(r"Overall exposure level for .*: ([\d.]+)")
_UNIT = re.compile(r"(?P<unit>[\w@:.\\-]+\.[a-z]+): (?P<text>.*)")


class Said(NamedTuple):
    """One line of what systemd-analyze says: of a line of a file, of a unit, or of neither."""

    text: str
    path: str | None = None
    line: int = 0
    unit: str | None = None


class Setting(NamedTuple):
    """One row of the rating of a service: what systemd looks at, and what it adds to the exposure."""

    name: str
    description: str
    is_set: bool
    exposure: float


def run(*arguments: str, scope: str = "system") -> subprocess.CompletedProcess[str]:
    """systemd-analyze, in an environment of its own; SystemdError where there is none."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SYSTEMD_")}
    # The user's manager asks for a runtime directory, though it writes nothing there.
    environment = {"XDG_RUNTIME_DIR": "/run"} | kept | {"SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"}
    command = [
        os.environ.get("MKUNIT_SYSTEMD_ANALYZE") or PROGRAM,
        f"--{'user' if scope == 'global' else scope}",
        *arguments,
    ]
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except FileNotFoundError:
        hint = "run it where systemd is installed"
        raise SystemdError(Diagnostic("no-systemd", f"there is no `{PROGRAM}` on this machine", hint)) from None
    except subprocess.TimeoutExpired:
        raise SystemdError(Diagnostic("timeout", f"`{PROGRAM}` does not end")) from None


def verify(files: Sequence[Path], scope: str) -> list[Said]:
    """What it complains of in unit files; those of a folder see each other."""
    if not files:
        return []
    done = run("verify", "--man=no", "--recursive-errors=no", *map(str, files), scope=scope)
    return list(dict.fromkeys(_said(line) for line in done.stderr.splitlines() if line.strip()))


@cache
def _accepted() -> list[str]:
    return catalog.lines("accepted.tsv")


def is_ignored(text: str) -> bool:
    """Whether a complaint means that a line is not in force: of some, systemd only does not think much."""
    return not any(words in text for words in _accepted())


def _said(line: str) -> Said:
    if match := _LINE.match(line):
        return Said(match["text"], match["path"], int(match["line"]))
    if match := _UNIT.match(line):
        return Said(match["text"], unit=match["unit"])
    return Said(line)


def security(file: Path, scope: str) -> list[Setting]:
    """The rating of one service, setting by setting; the worse come first."""
    done = run("security", "--offline=yes", "--no-pager", "--json=short", str(file), scope=scope)
    try:
        rows = json.loads(done.stdout)
    except ValueError:
        message = f"`{PROGRAM} security` says: {done.stderr.strip() or 'nothing'}"
        raise SystemdError(Diagnostic("no-rating", message)) from None
    found = [Setting(row["name"], row["description"], bool(row["set"]), float(row["exposure"] or 0)) for row in rows]
    return sorted(found, key=lambda one: -one.exposure)


def overall(files: Sequence[Path], scope: str) -> list[float]:
    """The exposure of services as wholes, from 0 to 10, in their order."""
    if not files:
        return []
    done = run("security", "--offline=yes", "--no-pager", *map(str, files), scope=scope)
    found = [float(match[1]) for match in _OVERALL.finditer(done.stdout)]
    if len(found) != len(files):
        raise SystemdError(Diagnostic("no-rating", f"`{PROGRAM} security` says: {done.stderr.strip() or 'nothing'}"))
    return found
