"""systemd units written in Python, reviewed as diffs, applied safely."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkunit.dsl import Automount, DropIn, Mount, Path, Service, Slice, Socket, Swap, Target, Timer
    from mkunit.dsl.params import param
    from mkunit.dsl.words import (
        cmd,
        fifo,
        literal,
        message_queue,
        netlink,
        raw,
        special,
        tcp,
        udp,
        unix,
        usb_function,
        vsock,
    )
    from mkunit.errors import MkunitError
    from mkunit.model.unit import Unit

__version__ = "0.1.0"
__all__ = [
    "Automount",
    "DropIn",
    "MkunitError",
    "Mount",
    "Path",
    "Service",
    "Slice",
    "Socket",
    "Swap",
    "Target",
    "Timer",
    "Unit",
    "cmd",
    "fifo",
    "literal",
    "message_queue",
    "netlink",
    "param",
    "raw",
    "special",
    "tcp",
    "udp",
    "unix",
    "usb_function",
    "vsock",
]

_HOMES = {"MkunitError": "mkunit.errors", "Unit": "mkunit.model.unit", "param": "mkunit.dsl.params"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'mkunit' has no attribute {name!r}")
    from importlib import import_module  # names arrive when they are asked for: start-up time is felt

    home = _HOMES.get(name) or ("mkunit.dsl" if name[0].isupper() else "mkunit.dsl.words")
    found: object = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
