"""Rules on sockets and the services behind them (systemd.socket(5))."""

from collections.abc import Iterator

from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph, triggered
from mkunit.model.target import Target
from mkunit.model.unit import Entry, Unit, standing

_STREAMS = ("ListenStream", "ListenSequentialPacket")


def _sockets(graph: Graph) -> Iterator[Unit]:
    return (unit for unit in graph.units if unit.kind == "socket" and not unit.dropin)


def listeners(*parts: Unit) -> list[Entry]:
    """The lines that a socket, with its drop-ins, listens by; an empty one takes back those of every kind."""
    lines = (entry for part in parts for entry in part.entries)
    return standing(e for e in lines if e.section == "Socket" and e.name.startswith("Listen"))


def no_listener(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A socket that listens on nothing does not load."""
    for unit in _sockets(graph):
        if not listeners(unit):
            hint = f"give it a port, an address or a path: {_say(unit, 'ListenStream', '8080')}"
            yield Diagnostic("no-listener", f"`{unit}` listens on nothing", hint, unit.origin, unit=unit.name)


def accept(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """What goes with `Accept=`, and what does not."""
    for unit in _sockets(graph):
        if unit.flag("Accept"):
            yield from _accepting(unit)
            continue
        for name in ("MaxConnections", "MaxConnectionsPerSource"):
            for entry in unit.all(name, "Socket"):
                message = f"`{name}=` has no effect on a socket that does not accept connections itself"
                hint = f"set {_say(unit, 'Accept', 'yes')}, or leave it out"
                yield _at(unit, entry, "limit-needs-accept", message, hint, Severity.WARNING)


def _accepting(unit: Unit) -> Iterator[Diagnostic]:
    for entry in listeners(unit):
        if entry.name not in _STREAMS:
            message = f"`{entry.name}={entry.value}` cannot be accepted: only stream and sequential-packet sockets can"
            hint = f"leave out {_say(unit, 'Accept')}, or move it to another socket"
            yield _at(unit, entry, "accept-not-a-stream", message, hint)
    for entry in (e for e in unit.all("Service", "Socket") if e.value):
        message = f"`Service={entry.value}` and `Accept=yes` exclude one another: systemd refuses the socket"
        hint = f"leave out {_say(unit, 'Service')}; the instances are of `{unit.parts.prefix}@.service`"
        yield _at(unit, entry, "accept-with-service", message, hint)


def _say(unit: Unit, name: str, value: str | None = None) -> str:
    """A directive as the reader writes it."""
    from mkunit.checker import view, wording  # only where something is wrong, and start-up time is felt

    seen = view.Seen(unit)
    return wording.listen(seen, value) if name == "ListenStream" and value else wording.say(seen, name, value)


def _at(
    unit: Unit, entry: Entry, code: str, message: str, hint: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(code, message, hint, entry.origin or unit.origin, severity, unit.name, entry.name)


def pairing(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A socket with `Accept=yes` needs a template, one without needs none; the project has only the other one."""
    for unit in _sockets(graph):
        scope, prefix = unit.scope or "system", unit.parts.prefix
        found = triggered(unit)
        if found is None or unit.parts.instance is not None:
            continue
        wanted, entry = found
        if graph.get(scope, wanted):
            continue
        place = (entry.origin if entry else None) or unit.origin
        plain, template = f"{prefix}.service", f"{prefix}@.service"
        if unit.flag("Accept") and (scope, plain) in graph.named:
            message = f"`{unit}` accepts connections, which needs the template `{template}`; there is only `{plain}`"
            stdin = _say(Unit(plain, origin=unit.origin, source=unit.source), "StandardInput", "socket")
            hint = f'name the service "{prefix}@", and give it {stdin}; or leave out {_say(unit, "Accept")}'
            yield Diagnostic("accept-needs-template", message, hint, place, unit=unit.name, directive="Accept")
        elif not unit.flag("Accept") and not entry and (scope, template) in graph.named:
            message = f"`{unit}` starts `{plain}`; there is only the template `{template}`"
            hint = f'set {_say(unit, "Accept", "yes")} for an instance per connection, or name the service "{prefix}"'
            yield Diagnostic("plain-needs-plain", message, hint, place, unit=unit.name)
