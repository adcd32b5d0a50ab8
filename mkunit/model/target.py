"""What the units are for: a systemd version, and a host."""


class Target:
    """The machine that is meant: the oldest systemd that is to run the units, and its name where it has one."""

    __slots__ = ("host", "systemd")

    def __init__(self, systemd: int, host: str | None = None) -> None:
        self.systemd = systemd
        self.host = host
