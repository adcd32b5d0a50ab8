"""What the units are for: a systemd version, and a host."""

from typing import NamedTuple


class Target(NamedTuple):
    """The machine that is meant: the oldest systemd that is to run the units, and its name where it has one."""

    systemd: int
    host: str | None = None
