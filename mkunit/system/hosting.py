"""The unit that this process is in, and that of the process that it goes on for, by their cgroups."""

import os
from collections.abc import Sequence
from pathlib import Path

LEFT = "MKUNIT_LEFT"  # in the environment: the cgroup of the process that this one goes on for


def left() -> str:
    """The cgroup of the process that this one goes on for; empty where it goes on for none."""
    return os.environ.get(LEFT, "")


def cgroup() -> str:
    """The cgroup that this process is in; empty where nobody knows."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.removeprefix("0::") for line in lines if line.startswith("0::")), "")


def unit(path: str, scope: str) -> Sequence[str]:
    """The unit that a cgroup belongs to, if it does; a user's units are in the cgroup of that user's manager.

    >>> unit("/user.slice/user-7.slice/user@7.service/app.slice/a.service", "user")
    ['a.service']
    >>> unit("/system.slice/a.service", "user")
    []
    """
    units = [part.removeprefix("_") for part in path.split("/") if part.endswith((".service", ".scope"))]
    if scope != "user":
        return units[:1]
    return units[1:2] if units and units[0].startswith("user@") else []
