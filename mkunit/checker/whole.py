"""Rules on single units as wholes: what systemd refuses to load though each line is right."""

from collections.abc import Iterator

from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.name import escape_path
from mkunit.model.target import Target
from mkunit.model.unit import Unit


def incomplete(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A unit without what its kind cannot do without."""
    for unit in graph.units:
        if unit.dropin or not (missing := _missing(unit)):
            continue
        message, hint = missing
        yield Diagnostic("incomplete-unit", f"`{unit}` {message}", hint, unit.origin, unit=unit.name)


def _missing(unit: Unit) -> tuple[str, str] | None:
    match unit.kind:
        case "service":
            stops = unit.values("ExecStop") and unit.flag("RemainAfterExit")
            if not (unit.values("ExecStart") or stops or unit.directive("SuccessAction")):
                return "runs no command", 'give it `exec_start=cmd("/usr/bin/…")`'
            if unit.directive("Type") == "dbus" and not unit.directive("BusName"):
                return "is of type dbus and has no bus name", "give it `bus_name=`"
        case "timer":
            own = [e.name for e in unit.entries if e.section == "Timer" and e.value]
            if not any(name.startswith("On") for name in own):
                return "never elapses", 'give it `on_calendar="daily"`, or `on_boot_sec=`, or another `on_…`'
        case "path":
            own = [e.name for e in unit.entries if e.section == "Path" and e.value]
            if not any(name.startswith(("Path", "DirectoryNotEmpty")) for name in own):
                return "watches nothing", 'give it `path_changed="/…"`, or `path_exists=`, or another'
        case "mount" if not unit.directive("What"):
            return "mounts nothing", 'give it `what="/dev/…"`'
    return None


def contradictions(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Lines of one unit that systemd does not take together."""
    for unit in graph.units:
        if not unit.dropin:
            for name, message, hint in _clashes(unit):
                entry = next(unit.all(name), None)
                place = (entry.origin if entry else None) or unit.origin
                yield Diagnostic("contradiction", f"`{unit}` {message}", hint, place, unit=unit.name, directive=name)


def _clashes(unit: Unit) -> Iterator[tuple[str, str, str]]:
    if unit.kind == "service":
        yield from _service(unit)
    elif unit.kind in ("mount", "automount", "swap"):
        name = "What" if unit.kind == "swap" else "Where"
        place = unit.directive(name)
        if place and place.startswith("/") and unit.name != f"{escape_path(place.replace('%%', '%'))}.{unit.kind}":
            yield name, f"has `{name}={place}`, which its name does not match", "name it after its path"


def _service(unit: Unit) -> Iterator[tuple[str, str, str]]:
    oneshot = unit.directive("Type") == "oneshot"
    restart = unit.directive("Restart")
    if len(unit.values("ExecStart")) > 1 and not oneshot:
        hint = 'set `type="oneshot"`, or move all but one to `exec_start_pre`'
        yield "ExecStart", "has more than one `ExecStart=`, which only a oneshot service can", hint
    if oneshot and restart in ("always", "on-success"):
        yield "Restart", f"is a oneshot with `Restart={restart}`, which systemd refuses", 'write `restart="on-failure"`'
