"""What systemd lists of all its units at once: when timers elapse, and which units have files, and are enabled."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mkunit import catalog
from mkunit.system.local import SYSTEMCTL, Local

_MICROSECONDS = 1e6


class Elapse(NamedTuple):
    """When a timer elapses next and did so last, in seconds since 1970; None where it never will, or never did."""

    next: float | None
    last: float | None
    activates: str


def timers(machine: Local) -> dict[str, Elapse]:
    """Every timer that is loaded, in one call."""
    done = machine.run(SYSTEMCTL, "list-timers", "--all", "--no-pager", "--output=json")
    rows = json.loads(done.stdout or "[]") if not done.returncode else []
    return {row["unit"]: Elapse(_when(row["next"]), _when(row["last"]), row.get("activates") or "") for row in rows}


def _when(stamp: object) -> float | None:
    return stamp / _MICROSECONDS if isinstance(stamp, int | float) and stamp else None


def files(machine: Local, folders: Iterable[Path] = ()) -> dict[str, str]:
    """The units that have a file, and whether they are enabled in systemd's words; unknown where no systemd runs."""
    if machine.is_running():
        done = machine.run(SYSTEMCTL, "list-unit-files", "--no-pager", "--output=json")
        if not done.returncode:
            return {row["unit_file"]: row["state"] or "" for row in json.loads(done.stdout or "[]")}
    kinds = {f".{kind}" for kind in catalog.kinds()}
    return {file.name: "" for folder in folders if folder.is_dir() for file in folder.iterdir() if file.suffix in kinds}
