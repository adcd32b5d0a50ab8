"""Units to the Python of a units file, as a person would have written it."""

import re
from collections.abc import Iterator, Sequence

from attrs import evolve

from mkunit import catalog
from mkunit.catalog.spec import Directive, Many
from mkunit.dsl.install import settle
from mkunit.dsl.modes import mode
from mkunit.dsl.naming import DROPIN, sentence
from mkunit.dsl.spell import UnspellableError
from mkunit.model.graph import expand
from mkunit.model.name import ROOT, unescape
from mkunit.model.text import percent
from mkunit.model.unit import Entry, Unit
from mkunit.model.value import assignment

_WIDTH = 100
_BOOLEANS = {"yes": "True", "no": "False"}
# Types whose `yes` and `no` people think of as booleans.
_YES_OR_NO = frozenset((
    "bool", "job_mode_isolate", "private_tmp", "private_users", "protect_control_groups", "protect_home",
    "protect_hostname", "protect_system", "tristate",
))  # fmt: skip
_NUMBERS = frozenset((
    "cg_cpu_weight", "cg_weight", "concurrency_max", "exec_cpu_sched_prio", "exec_io_priority", "exec_nice",
    "exec_oom_score_adjust", "int", "long", "rlimit_number", "swap_priority", "tasks_max", "unsigned",
))  # fmt: skip
_HELPERS = {
    "ListenStream": "unix({})",
    "ListenDatagram": 'unix({}, kind="datagram")',
    "ListenSequentialPacket": 'unix({}, kind="seqpacket")',
    "ListenFIFO": "fifo({})",
    "ListenSpecial": "special({})",
    "ListenMessageQueue": "message_queue({})",
    "ListenUSBFunction": "usb_function({})",
}
_PATHS = {"mount": "Where", "automount": "Where", "swap": "What"}
_ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}
_WANTS = ("WantedBy", "RequiredBy", "UpheldBy")


def text(units: Sequence[Unit]) -> str:
    """A units file that builds these units again.

    >>> print(text([Unit("web.socket", (Entry("Socket", "ListenStream", "8080"),), asks_install=True)]), end="")
    from mkunit import Socket
    <BLANKLINE>
    Socket("web", description=[], listen=[8080])
    """
    wanted = _wanted(units)
    sources = [_Source(unit, target) for unit, target in zip(units, wanted, strict=True)]
    calls = [source.call() for source in sources]
    names = {name for source in sources for name in source.words}
    ordered = sorted(names, key=lambda name: (name[0].islower(), name))
    return f"from mkunit import {', '.join(ordered)}\n\n" + "\n\n".join(calls) + "\n"


def _wanted(units: Sequence[Unit]) -> list[str | None]:
    """For each unit the target that would want it if it did not say itself what wants it."""
    asking = [
        evolve(
            unit,
            scope=unit.scope or "system",
            entries=tuple(e for e in unit.entries if e.name not in _WANTS),
            asks_install=not unit.dropin,
        )
        for unit in units
    ]
    return [unit.directive("WantedBy") for unit in settle(asking, "system")]


class _Source:
    """One unit's call of a builder, and the words that it needs."""

    def __init__(self, unit: Unit, wanted: str | None) -> None:
        self.unit = unit
        self.wanted = wanted
        self.builder = "DropIn" if unit.dropin else unit.kind.capitalize()
        self.words = {self.builder}
        self.path = _path(unit)

    def call(self) -> str:
        arguments = [_literal(self._first()), *(f"{key}={value}" for key, value in self._keywords())]
        line = f"{self.builder}({', '.join(arguments)})"
        if len(line) <= _WIDTH:
            return line
        return f"{self.builder}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"

    def _first(self) -> str:
        """The builder's first argument."""
        if self.unit.dropin:
            return self.unit.name
        return self.path if self.path is not None else self.unit.name.rpartition(".")[0]

    def _keywords(self) -> Iterator[tuple[str, str]]:
        unit = self.unit
        if unit.dropin and unit.dropin != DROPIN:
            yield "file", _literal(unit.dropin)
        if unit.scope == "user":
            yield "scope", _literal(unit.scope)
        if not unit.dropin and unit.directive("Description") is None:
            yield "description", "[]"
        defaults = set(self._defaults())
        done: set[str] = set()
        for place, entry in enumerate(unit.entries):
            if place in defaults:
                continue
            keyword, value = self._keyword(entry)
            if keyword not in done:
                done.add(keyword)
                yield keyword, value
        if self.wanted and not unit.dropin and not unit.asks_install and not any(map(self._lines, _WANTS)):
            yield "wanted_by", "[]"

    def _lines(self, name: str) -> list[Entry]:
        return list(self.unit.all(name))

    def _defaults(self) -> Iterator[int]:
        """The lines that the builder writes by itself, where they stand where it writes them."""
        if self.unit.dropin:
            return
        sections: dict[str, list[int]] = {}
        for place, entry in enumerate(self.unit.entries):
            sections.setdefault(entry.section, []).append(place)
        own = catalog.sections(self.unit.kind)[1]
        named = None if self.path is None else (own, _PATHS[self.unit.kind], percent(self.path))
        about = ("Unit", "Description", sentence(self.unit.name, self.path))
        wants = ("Install", "WantedBy", self.wanted)
        for line in (about, named, wants):
            if line is None or line[0] not in sections:
                continue
            place = sections[line[0]][-1 if line is wants else 0]
            alone = len(self._lines(line[1])) == 1 and (line is not wants or not any(map(self._lines, _WANTS[1:])))
            if alone and self.unit.entries[place][:3] == line:
                yield place

    def _keyword(self, entry: Entry) -> tuple[str, str]:
        """The keyword that makes a line, with all others that it makes."""
        unit = self.unit
        row = catalog.lookup(entry.section, entry.name)
        if row is None or not self._expressible(entry, row):
            return "extra", self._extra()
        if entry.section == "Socket" and entry.name.startswith("Listen"):
            return "listen", self._listen()
        lines = [e.value for e in unit.all(entry.name, entry.section)]
        if row.value == "environ" and (variables := _variables(lines)):
            return row.keyword, variables
        if len(lines) > 1:
            return row.keyword, _literal(lines)
        if (
            row.keyword in ("service", "unit")
            and unit.kind in ("socket", "timer", "path")
            and self._activated(lines[0])
        ):
            return "activates", _literal(lines[0])
        return row.keyword, _value(row, lines[0])

    def _expressible(self, entry: Entry, row: Directive) -> bool:
        """Whether its own keyword makes just these lines."""
        if catalog.keywords(self.unit.kind).get(row.keyword) != (entry.section, entry.name):
            return False
        lines = [e.value for e in self.unit.all(entry.name, entry.section)]
        if len(lines) == 1 or row.many is Many.REPEAT or (row.value == "environ" and _variables(lines)):
            return True
        return row.many is Many.JOIN and len(lines) == 2 and lines[0] == "" != lines[1]

    def _extra(self) -> str:
        """The lines that no keyword makes, in order."""
        entries = [(e, catalog.lookup(e.section, e.name)) for e in self.unit.entries]
        defaults = set(self._defaults())
        return _literal(
            [
                (e.section, e.name, e.value)
                for place, (e, row) in enumerate(entries)
                if place not in defaults and (row is None or not self._expressible(e, row))
            ]
        )

    def _activated(self, target: str) -> bool:
        """Whether `activates=` would write that line."""
        unit = self.unit
        kind = target.rpartition(".")[2]
        fits = kind == "service" if unit.kind == "socket" else kind in catalog.kinds() and kind != unit.kind
        derived = f"{unit.name.rpartition('.')[0]}.service"
        return fits and "@." not in target and not unit.flag("Accept") and expand(target, unit) != derived

    def _listen(self) -> str:
        entries = [e for e in self.unit.entries if e.section == "Socket" and e.name.startswith("Listen")]
        return f"[{', '.join(map(self._address, entries))}]"

    def _address(self, entry: Entry) -> str:
        found = _address(entry)
        if not found[0].isdigit() and found[0] != '"':
            self.words.add(found.partition("(")[0])
        return found


def _path(unit: Unit) -> str | None:
    """The path that a mount or swap is named after."""
    if unit.kind not in _PATHS or unit.dropin:
        return None
    stem = unit.name.rpartition(".")[0]
    return "/" if stem == ROOT else f"/{unescape(stem)}"


def _variables(lines: Sequence[str]) -> str | None:
    """`Environment=` lines as a dict, where each has one variable, and no specifier."""
    found: dict[str, str] = {}
    for line in lines:
        word = line[1:-1] if line[:1] == '"' else line
        name, _, value = _ESCAPE.sub(_unescaped, word).replace("%%", "%").partition("=")
        if name in found or not _is_assignment(name, value, line):
            return None
        found[name] = value
    return "{" + ", ".join(f"{_literal(name)}: {_literal(value)}" for name, value in found.items()) + "}"


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    try:
        return chr(int(code, 16)) if code else _LETTERS.get(match[4], match[4])
    except (ValueError, OverflowError):
        return match[0]


def _is_assignment(name: str, value: str, line: str) -> bool:
    try:
        return assignment(name, value) == line
    except ValueError:
        return False


def _value(row: Directive, value: str) -> str:
    if row.value in _YES_OR_NO and value in _BOOLEANS:
        return _BOOLEANS[value]
    if row.value == "mode" and value.isdecimal():
        return _mode(row, value)
    if row.value in _NUMBERS and _is_number(value.removeprefix("-")) and value != "-0":
        return value
    return _literal(value)


def _mode(row: Directive, value: str) -> str:
    """A mode in octal, where that makes the same digits."""
    digits = value.lstrip("0") or "0"
    try:
        return f"0o{digits}" if mode(row.name, int(value, 8)) == value else _literal(value)
    except (ValueError, UnspellableError):
        return _literal(value)


def _is_number(value: str) -> bool:
    return value.isdecimal() and str(int(value)) == value


def _address(entry: Entry) -> str:
    value = entry.value
    if entry.name == "ListenStream":
        return value if _is_number(value) else _literal(value)
    if entry.name == "ListenNetlink":
        family, blank, group = value.partition(" ")
        if blank and not _is_number(group):
            return f"netlink({_literal(value)})"
        return f"netlink({_literal(family)}{f', {group}' if blank else ''})"
    host, colon, port = value.rpartition(":")
    if entry.name == "ListenDatagram" and _is_number(port):
        if not colon:
            return f"udp({port})"
        inner = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if inner.replace(".", "").isdigit() or (inner != host and ":" in inner and "%" not in inner):
            return f"udp({port}, host={_literal(inner)})"
    return _HELPERS[entry.name].format(_literal(value))


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
