"""The builders: functions that return a frozen unit, and leave it with the load that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkunit.dsl.build import build, build_dropin
from mkunit.model.unit import Unit

if TYPE_CHECKING:
    from os import PathLike
    from typing import Unpack

    from mkunit.dsl import keywords as k


def Service(name: str, **options: Unpack[k.ServiceKeywords]) -> Unit:
    """A service (systemd.service(5)).

    >>> Service("api", exec_start="/usr/bin/api", user="api").directive("User")
    'api'
    """
    return build("service", name, options)


def Socket(name: str, **options: Unpack[k.SocketKeywords]) -> Unit:
    """A socket that starts a service when somebody connects (systemd.socket(5)).

    >>> Socket("web", listen=[8080], accept=True).directive("Accept")
    'yes'
    """
    return build("socket", name, options)


def Timer(name: str, **options: Unpack[k.TimerKeywords]) -> Unit:
    """A timer that starts a unit at times (systemd.timer(5), systemd.time(7)).

    >>> Timer("backup", on_calendar="daily", persistent=True).directive("OnCalendar")
    'daily'
    """
    return build("timer", name, options)


def Path(name: str, **options: Unpack[k.PathKeywords]) -> Unit:
    """A watch on files that starts a unit when they change (systemd.path(5)).

    >>> Path("spool", directory_not_empty="/var/spool/app").kind
    'path'
    """
    return build("path", name, options)


def Mount(path: str | PathLike[str], /, **options: Unpack[k.MountKeywords]) -> Unit:
    r"""A mount, named after its path (systemd.mount(5)).

    >>> Mount("/mnt/my data", what="/dev/sdb1").name
    'mnt-my\\x20data.mount'
    """
    return build("mount", path, options)


def Automount(path: str | PathLike[str], /, **options: Unpack[k.AutomountKeywords]) -> Unit:
    """A mount point that is mounted at the first access (systemd.automount(5)).

    >>> Automount("/mnt/backup", timeout_idle_sec="10min").name
    'mnt-backup.automount'
    """
    return build("automount", path, options)


def Swap(path: str | PathLike[str], /, **options: Unpack[k.SwapKeywords]) -> Unit:
    """A swap device or file, named after its path (systemd.swap(5)).

    >>> Swap("/swapfile", priority=10).name
    'swapfile.swap'
    """
    return build("swap", path, options)


def Target(name: str, **options: Unpack[k.TargetKeywords]) -> Unit:
    """A group of units, or a point that others are ordered around (systemd.target(5)).

    >>> Target("shop", wants=["api.service"]).name
    'shop.target'
    """
    return build("target", name, options)


def Slice(name: str, **options: Unpack[k.SliceKeywords]) -> Unit:
    """A share of the machine's resources that units run in (systemd.slice(5)).

    >>> Slice("shop", memory_max="2G").directive("MemoryMax")
    '2G'
    """
    return build("slice", name, options)


def DropIn(name: str | Unit, **options: Unpack[k.DropInKeywords]) -> Unit:
    """Lines that are added to a unit, mostly somebody else's; an empty list resets a list (systemd.unit(5)).

    A kind stands for all units of it, and a prefix such as `web-.service` for those whose names begin so.

    >>> DropIn("nginx.service", memory_max="1G", file="50-limits.conf").path
    'nginx.service.d/50-limits.conf'
    >>> DropIn("service", timeout_stop_sec="30s").path
    'service.d/50-mkunit-service.conf'
    """
    return build_dropin(name, options)
