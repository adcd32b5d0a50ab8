"""Rules on single units as wholes: what systemd refuses to load, or drops, though each line is right.

The manager makes these checks when it has read a unit (`service_verify` and its like); the comments name its words
where they differ between versions.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mkunit import catalog
from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.name import escape_path
from mkunit.model.target import Target
from mkunit.model.unit import Unit

# File systems that systemd mounts by itself, and for which it takes no unit.
_API = frozenset(
    {
        *("/dev", "/dev/console", "/dev/pts", "/dev/shm", "/proc", "/proc/kmsg", "/proc/sys"),
        *("/proc/sys/kernel/random/boot_id", "/run", "/sys", "/sys/firmware/efi/efivars", "/sys/fs/bpf"),
        *("/sys/fs/cgroup", "/sys/fs/pstore", "/sys/fs/selinux", "/sys/fs/smackfs", "/sys/kernel/security"),
    }
)
_API_BELOW = ("/sys/fs/cgroup/", "/run/host/")
_NODES = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO")
_AUTOMOUNT_OPTIONS = frozenset({"fd", "pgrp", "minproto", "maxproto", "direct", "indirect"})
_FLAGS = ("OnClockChange", "OnTimezoneChange")


class Clash(NamedTuple):
    """What is wrong with a unit: the directive to look at, what to say, and what to write instead."""

    directive: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR


def incomplete(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A unit without what its kind cannot do without."""
    for unit in graph.units:
        if not unit.dropin and (missing := _missing(unit)):
            message, hint = missing
            yield Diagnostic("incomplete-unit", f"`{unit}` {message}", hint, unit.origin, unit=unit.name)


def contradictions(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Lines of one unit that systemd does not take together."""
    for unit in graph.units:
        if unit.dropin:
            continue
        for clash in _clashes(unit, target.systemd):
            entry = next((e for e in reversed(unit.entries) if e.name == clash.directive), None)
            place = (entry.origin if entry else None) or unit.origin
            code = "contradiction" if clash.severity is Severity.ERROR else "no-effect"
            message = f"`{unit}` {clash.message}"
            yield Diagnostic(code, message, clash.hint, place, clash.severity, unit.name, clash.directive)


def _say(unit: Unit, name: str, value: str = "") -> str:
    """A directive as its reader writes it: a keyword in a units file, a line in a unit file."""
    if not unit.source and unit.origin and not unit.origin.path.endswith(".py"):
        return f"`{name}={value}`"
    keyword = next((word for word, place in catalog.keywords(unit.kind).items() if place[1] == name), name)
    shown = {"yes": "True", "no": "False", "": ""}.get(value, f'"{value}"')
    return f"`{keyword}={shown}`"


def _missing(unit: Unit) -> tuple[str, str] | None:
    match unit.kind:
        case "service":
            return _idle(unit)
        case "timer" if not _any(unit, "Timer", "On"):
            return "never elapses", f"give it {_say(unit, 'OnCalendar', 'daily')}, or another `On…`"
        case "path" if not _any(unit, "Path", "Path", "DirectoryNotEmpty"):
            return (
                "watches nothing",
                f"give it {_say(unit, 'PathChanged', '/…')}, {_say(unit, 'PathExists')} or another",
            )
        case "mount" if not unit.directive("What"):
            return "mounts nothing", f"give it {_say(unit, 'What', '/dev/…')}"
    return None


def _idle(unit: Unit) -> tuple[str, str] | None:
    """A service needs a command; where it has only `ExecStop=`, it must be a oneshot that remains."""
    if unit.values("ExecStart") or (unit.directive("SuccessAction") or "none") != "none":
        return None
    if not unit.values("ExecStop"):
        return "runs no command", f"give it {_say(unit, 'ExecStart', '/usr/bin/…')}"
    if _type(unit) != "oneshot":
        return "has no `ExecStart=`, which only a oneshot can do without", f"set {_say(unit, 'Type', 'oneshot')}"
    if not unit.flag("RemainAfterExit"):
        hint = f"set {_say(unit, 'RemainAfterExit', 'yes')}"
        return "has only `ExecStop=`, and nothing that would remain for it to stop", hint
    return None


def _any(unit: Unit, section: str, *prefixes: str) -> bool:
    """Whether a trigger is left; an empty line takes back all before it, of whichever kind, but for the flags."""
    left = False
    for entry in unit.entries:
        if entry.section == section and entry.name.startswith(prefixes) and entry.name not in _FLAGS:
            left = bool(entry.value)
    return left or any(unit.flag(name) for name in _FLAGS)


def _type(unit: Unit) -> str:
    """A service's type, which follows from other directives where it is not set."""
    if unit.directive("Type"):
        return unit.directive("Type") or ""
    return "dbus" if unit.directive("BusName") else "simple" if unit.values("ExecStart") else "oneshot"


def _clashes(unit: Unit, systemd: int) -> Iterator[Clash]:
    if rule := _RULES.get(unit.kind):
        yield from rule(unit, systemd)
    if unit.kind in ("service", "socket", "mount", "swap"):
        yield from _exec(unit, systemd)


def _exec(unit: Unit, systemd: int) -> Iterator[Clash]:
    """What holds for all kinds that run processes; most of it is refused since systemd 257."""
    mixed = ("mixed",) if systemd >= 257 or unit.kind == "service" else ()
    mode = unit.directive("KillMode") or "control-group"
    if unit.directive("PAMName") and mode not in ("control-group", *mixed):
        hint = f"leave out {_say(unit, 'KillMode')}"
        yield Clash("KillMode", f"has `PAMName=` and `KillMode={mode}`, which systemd refuses", hint)
    if systemd < 257:
        return
    if unit.flag("DynamicUser") and unit.scope == "user":
        message = "has `DynamicUser=`, which the user's systemd refuses"
        yield Clash("DynamicUser", message, f"leave out {_say(unit, 'DynamicUser')}")
    if unit.flag("DynamicUser") and (unit.directive("WorkingDirectory") or "").lstrip("-") == "~":
        message = "has `WorkingDirectory=~`, and its `DynamicUser=` has no home"
        yield Clash("WorkingDirectory", message, f"use {_say(unit, 'StateDirectory')}, and `%S/…` as the folder")
    if unit.flag("PrivatePIDs") and unit.kind != "service":
        yield Clash(
            "PrivatePIDs", "has `PrivatePIDs=`, which only a service can", f"leave out {_say(unit, 'PrivatePIDs')}"
        )
    elif unit.flag("PrivatePIDs") and unit.directive("PAMName"):
        yield Clash("PrivatePIDs", "has `PrivatePIDs=` and `PAMName=`", f"leave out {_say(unit, 'PrivatePIDs')}")


def _service(unit: Unit, systemd: int) -> Iterator[Clash]:
    kind, restart = _type(unit), unit.directive("Restart")
    if kind == "dbus" and not unit.directive("BusName"):
        yield Clash(
            "Type", "is of type dbus and has no bus name", f"give it {_say(unit, 'BusName', 'org.example.Name')}"
        )
    if kind == "forking" and systemd >= 257 and unit.flag("PrivatePIDs"):
        yield Clash("PrivatePIDs", "is forking with `PrivatePIDs=`", f"set {_say(unit, 'Type', 'exec')}")
    if len(unit.values("ExecStart")) > 1 and kind != "oneshot":
        hint = f"set {_say(unit, 'Type', 'oneshot')}, or move all but one to {_say(unit, 'ExecStartPre')}"
        yield Clash("ExecStart", "has more than one `ExecStart=`, which only a oneshot service can", hint)
    if kind == "oneshot" and restart in ("always", "on-success"):
        hint = f"write {_say(unit, 'Restart', 'on-failure')}"
        yield Clash("Restart", f"is a oneshot with `Restart={restart}`, which systemd refuses", hint)
    if kind == "oneshot" and unit.directive("ExitType") == "cgroup":
        yield Clash("ExitType", "is a oneshot with `ExitType=cgroup`", f"leave out {_say(unit, 'ExitType')}")
    if kind == "oneshot" and systemd < 253 and unit.values("RestartForceExitStatus"):
        hint = f"leave out {_say(unit, 'RestartForceExitStatus')}"
        yield Clash("RestartForceExitStatus", f"is a oneshot, for which systemd {systemd} refuses it", hint)
    yield from _idle_settings(unit, kind)


def _idle_settings(unit: Unit, kind: str) -> Iterator[Clash]:
    """Settings that have no effect without, or beside, others; systemd warns, and drops them."""
    limit = unit.directive("RuntimeMaxSec") not in (None, "", "infinity")
    if limit and kind == "oneshot":
        hint = f"write {_say(unit, 'TimeoutStartSec')}"
        yield Clash("RuntimeMaxSec", "is a oneshot, for which `RuntimeMaxSec=` has no effect", hint, Severity.WARNING)
    for name, other, there in (
        ("RuntimeRandomizedExtraSec", "RuntimeMaxSec", limit),
        ("RestartSteps", "RestartMaxDelaySec", bool(unit.directive("RestartMaxDelaySec"))),
        ("RestartMaxDelaySec", "RestartSteps", unit.directive("RestartSteps") not in (None, "", "0")),
        ("USBFunctionDescriptors", "USBFunctionStrings", bool(unit.directive("USBFunctionStrings"))),
        ("USBFunctionStrings", "USBFunctionDescriptors", bool(unit.directive("USBFunctionDescriptors"))),
    ):
        if (unit.directive(name) or "0") != "0" and not there:
            message = f"has `{name}=`, which has no effect without `{other}=`"
            yield Clash(name, message, f"give it {_say(unit, other)}", Severity.WARNING)


def _socket(unit: Unit, systemd: int) -> Iterator[Clash]:
    accept = unit.flag("Accept")
    # "MaxConnection= setting too small. Refusing.": since 257 whether the socket accepts or not.
    if unit.directive("MaxConnections") == "0" and (accept or systemd >= 257):
        hint = f"write {_say(unit, 'MaxConnections', '1')} or more"
        yield Clash("MaxConnections", "allows no connection at all, which systemd refuses", hint)
    if accept and unit.directive("DeferTrigger") not in (None, "", "no"):
        yield Clash("DeferTrigger", "has `Accept=` and `DeferTrigger=`", f"leave out {_say(unit, 'DeferTrigger')}")
    nodes = [e for name in _NODES for e in unit.all(name, "Socket") if e.value.startswith(("/", "%t/"))]
    if unit.values("Symlinks") and len(nodes) != 1:
        message = f"has `Symlinks=`, for which it must listen on one path, not on {len(nodes) or 'none'}"
        yield Clash(
            "Symlinks", message, f"leave out {_say(unit, 'Symlinks')}, or move the other paths to another socket"
        )


def _mount(unit: Unit, systemd: int) -> Iterator[Clash]:
    yield from _named_after(unit, "Where")
    where = (unit.directive("Where") or "").rstrip("/")
    if where in _API or where.startswith(_API_BELOW):
        yield Clash("Where", f"would mount over `{where}`, which is systemd's own", "leave it to systemd")


def _automount(unit: Unit, systemd: int) -> Iterator[Clash]:
    yield from _named_after(unit, "Where")
    if unit.name == "-.automount":
        yield Clash("Where", "would mount the root directory, which is mounted already", "leave it out")
    options = {option.partition("=")[0] for option in (unit.directive("ExtraOptions") or "").split(",")}
    if taken := sorted(options & _AUTOMOUNT_OPTIONS):
        yield Clash(
            "ExtraOptions", f"has the option `{taken[0]}`, which systemd sets itself", f"leave out `{taken[0]}`"
        )


def _swap(unit: Unit, systemd: int) -> Iterator[Clash]:
    yield from _named_after(unit, "What")


def _named_after(unit: Unit, name: str) -> Iterator[Clash]:
    """A unit for a path has the path's name, and no other."""
    path = unit.directive(name) or ""
    if not path.startswith("/") or "%" in path.replace("%%", ""):
        return
    try:
        wanted = f"{escape_path(path.replace('%%', '%'))}.{unit.kind}"
    except ValueError:
        return
    if unit.name != wanted and not unit.parts.is_template:
        yield Clash(name, f"has `{name}={path}`, which its name does not match", f"call it `{wanted}`")


def _trigger(unit: Unit, systemd: int) -> Iterator[Clash]:
    """Timers and paths start one unit: the first that is named, whatever follows."""
    named = [e.value for e in unit.all("Unit", unit.kind.capitalize()) if e.value]
    if len(named) > 1:
        message = f"names more than one unit: only the first, `{named[0]}`, is ever started"
        yield Clash("Unit", message, f"leave one {_say(unit, 'Unit')}; a target can start several")


_RULES: dict[str, Callable[[Unit, int], Iterator[Clash]]] = {
    "service": _service,
    "socket": _socket,
    "mount": _mount,
    "automount": _automount,
    "swap": _swap,
    "timer": _trigger,
    "path": _trigger,
}
