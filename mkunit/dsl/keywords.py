"""What each builder takes, for type checkers only: the directives of its kind, and the sugar beside them."""

from collections.abc import Sequence
from os import PathLike
from typing import Literal, TypedDict

from mkunit.dsl.options import (
    AutomountOptions,
    DropInOptions,
    MountOptions,
    PathOptions,
    ServiceOptions,
    SliceOptions,
    SocketOptions,
    SwapOptions,
    TargetOptions,
    TimerOptions,
)
from mkunit.model.address import Address
from mkunit.model.unit import Unit
from mkunit.model.value import Command

Scope = Literal["system", "user"]
Line = tuple[str, str, str]


class _Common(TypedDict, total=False):
    scope: Scope | None
    masked: bool | None
    on_change: Literal["restart", "reload", "keep", "stop-start"] | None
    on_remove: Literal["stop", "keep"] | None
    restart_on: Sequence[str | PathLike[str]] | str | None
    reload_on: Sequence[str | PathLike[str]] | str | None
    ensure: Literal["running"] | None
    extra: Sequence[Line] | None


class ServiceKeywords(_Common, ServiceOptions, total=False):
    hardening: str | None
    probe: str | Command | Sequence[str | PathLike[str]] | None
    rolling: int | None


class SocketKeywords(_Common, SocketOptions, total=False):
    listen: int | str | Address | Sequence[int | str | Address] | None
    activates: Unit | str | None


class TimerKeywords(_Common, TimerOptions, total=False):
    activates: Unit | str | None


class PathKeywords(_Common, PathOptions, total=False):
    activates: Unit | str | None


class MountKeywords(_Common, MountOptions, total=False):
    pass


class AutomountKeywords(_Common, AutomountOptions, total=False):
    activates: Unit | str | None


class SwapKeywords(_Common, SwapOptions, total=False):
    pass


class TargetKeywords(_Common, TargetOptions, total=False):
    pass


class SliceKeywords(_Common, SliceOptions, total=False):
    pass


class DropInKeywords(_Common, DropInOptions, total=False):
    file: str
    hardening: str | None
    listen: int | str | Address | Sequence[int | str | Address] | None
