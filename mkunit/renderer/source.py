"""Units to the Python of a units file, as a person would have written it."""

from collections.abc import Iterable, Sequence

from mkunit import catalog
from mkunit.catalog.spec import Directive, Many
from mkunit.dsl.naming import sentence
from mkunit.model.unit import Entry, Unit

_WIDTH = 100
_BOOLEANS = {"yes": "True", "no": "False"}
_HELPERS = {
    "ListenDatagram": 'unix({!r}, kind="datagram")',
    "ListenSequentialPacket": 'unix({!r}, kind="seqpacket")',
    "ListenFIFO": "fifo({!r})",
    "ListenSpecial": "special({!r})",
    "ListenMessageQueue": "message_queue({!r})",
    "ListenUSBFunction": "usb_function({!r})",
}
_PATHS = {"mount": "Where", "automount": "Where", "swap": "What"}


def text(units: Sequence[Unit]) -> str:
    """A units file that builds these units again.

    >>> print(text([Unit("web.socket", (Entry("Socket", "ListenStream", "8080"),))]), end="")
    from mkunit import Socket
    <BLANKLINE>
    Socket("web", listen=[8080])
    """
    calls = [_call(unit) for unit in units]
    names = sorted({name for call in calls for name in _names(call)}, key=lambda name: (name[0].islower(), name))
    return f"from mkunit import {', '.join(names)}\n\n" + "\n\n".join(calls) + "\n"


def _names(call: str) -> Iterable[str]:
    yield call.partition("(")[0]
    for word in ("fifo", "message_queue", "netlink", "special", "udp", "unix", "usb_function"):
        if f"{word}(" in call.partition("(")[2]:
            yield word


def _call(unit: Unit) -> str:
    builder = "DropIn" if unit.dropin else unit.kind.capitalize()
    arguments = [_literal(_first(unit)), *(f"{key}={value}" for key, value in _keywords(unit))]
    line = f"{builder}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    return f"{builder}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def _first(unit: Unit) -> str:
    """The builder's first argument."""
    if unit.dropin:
        return unit.name
    if name := _PATHS.get(unit.kind):
        return (unit.directive(name) or "").replace("%%", "%")
    return unit.name.rpartition(".")[0]


def _keywords(unit: Unit) -> Iterable[tuple[str, str]]:
    done: set[str] = set()
    extra = []
    for entry in unit.entries:
        row = catalog.lookup(entry.section, entry.name)
        if entry.name.startswith("Listen") and entry.section == "Socket":
            if "listen" not in done:
                yield "listen", _listen(unit)
            done.add("listen")
        elif _is_default(unit, entry):
            continue
        elif row is None or catalog.keywords(unit.kind).get(row.keyword) != (entry.section, entry.name):
            extra.append((entry.section, entry.name, entry.value))
        elif entry.name not in done:
            done.add(entry.name)
            yield _keyword(unit, entry, row)
    if extra:
        yield "extra", _literal(extra)


def _keyword(unit: Unit, entry: Entry, row: Directive) -> tuple[str, str]:
    lines = [e.value for e in unit.all(entry.name, entry.section)]
    if row.many is not Many.SINGLE and len(lines) > 1:
        return row.keyword, _literal(lines)
    if unit.kind in ("socket", "timer", "path") and entry.name in ("Service", "Unit"):
        return "activates", _literal(entry.value)
    return row.keyword, _value(row, lines[-1])


def _value(row: Directive, value: str) -> str:
    if row.value == "bool" and value in _BOOLEANS:
        return _BOOLEANS[value]
    if row.value == "mode" and value.isdecimal():
        return f"0o{value.lstrip('0') or '0'}"
    if row.value in ("unsigned", "int", "long") and value.isdecimal() and str(int(value)) == value:
        return value
    return _literal(value)


def _listen(unit: Unit) -> str:
    entries = (e for e in unit.entries if e.section == "Socket" and e.name.startswith("Listen") and e.value)
    return f"[{', '.join(map(_address, entries))}]"


def _address(entry: Entry) -> str:
    value = entry.value
    if entry.name == "ListenStream":
        return value if value.isdecimal() and str(int(value)) == value else _literal(value)
    if entry.name == "ListenNetlink":
        family, _, group = value.partition(" ")
        return f"netlink({_literal(family)}{f', {group}' if group else ''})"
    host, colon, port = value.rpartition(":")
    if entry.name == "ListenDatagram" and not value.startswith(("/", "@", "%")) and port.isdecimal():
        return f"udp({port}, host={_literal(host.strip('[]'))})" if colon else f"udp({port})"
    return _HELPERS[entry.name].replace("{!r}", _literal(value))


def _is_default(unit: Unit, entry: Entry) -> bool:
    """A line that the builder writes by itself."""
    if unit.dropin:
        return False
    if (entry.section, entry.name) == ("Install", "WantedBy"):
        return entry.value == catalog.wanted_by(unit.kind, unit.scope or "system")
    path = (unit.directive(_PATHS[unit.kind]) or "").replace("%%", "%") if unit.kind in _PATHS else None
    if entry.name == "Description" and entry.section == "Unit":
        return entry.value == sentence(unit.name, path)
    return unit.kind in _PATHS and entry.name == _PATHS[unit.kind]


def _literal(value: object) -> str:
    """A Python literal with double quotes, as formatters write it."""
    if isinstance(value, str):
        quoted = repr(value)
        if quoted.startswith("'"):
            quoted = '"' + quoted[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        return quoted
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)
