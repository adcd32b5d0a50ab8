"""Units to the Python of a units file, as a person would have written it."""

import builtins
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from mkunit import catalog
from mkunit.dsl.install import settle
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit
from mkunit.renderer.source_layout import WIDTH, Piece, lines
from mkunit.renderer.source_unit import WANTS, Call, Remarks, path
from mkunit.renderer.source_values import NAMES

_NONE = Remarks()
_RESERVED = frozenset((
    *keyword.kwlist, *keyword.softkwlist, *dir(builtins), "cmd", "fifo", "literal", "message_queue", "netlink", "param",
    "raw", "special", "tcp", "udp", "unix", "usb_function", "vsock", "mkunit",
))  # fmt: skip
_WEAK = frozenset(("Before", "Conflicts", "PartOf", "Also", "Slice", *WANTS))
_Key = tuple[str | None, str]


def text(units: Sequence[Unit], remarks: Sequence[Remarks] = (), about: str | None = None) -> str:
    """A units file that builds these units again; those that others name come first, and have a variable.

    `remarks` are the comments of each unit, `about` is the file's own docstring.

    >>> from mkunit.model.unit import Entry
    >>> print(text([Unit("web.socket", (Entry("Socket", "ListenStream", "8080"),), asks_install=True)]), end="")
    from mkunit import Socket
    <BLANKLINE>
    Socket("web", description=[], listen=[8080])
    """
    wanted = _wanted(units)
    order = _order(units)
    named = _variables(units, order)
    known: dict[str | None, dict[str, str]] = {}
    words: set[str] = set()
    calls = []
    for place in order:
        unit = units[place]
        names = known.setdefault(unit.scope, {})
        call = Call(unit, wanted[place], names, remarks[place] if remarks else _NONE)
        calls.append("\n".join(lines(call.piece(named.get(place)))))
        words |= call.values.words
        if place in named:
            names[unit.name] = named[place]
    head = f'"""{_safe(about)}"""\n\n' if about else ""
    return f"{head}{_imports(words)}\n\n" + "\n\n".join(calls) + "\n"


def _safe(text: str) -> str:
    """Text that ends no docstring."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text.replace("\\", "\\\\"))
    return plain.replace('"', '\\"')


def _imports(words: set[str]) -> str:
    ordered = sorted(words, key=lambda name: (name[0].islower(), name))
    line = f"from mkunit import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join(lines(Piece("from mkunit import (", tuple(map(Piece, ordered)), ")")))


def _wanted(units: Sequence[Unit]) -> list[str | None]:
    """For each unit the target that would want it if it did not say itself what wants it."""
    asking = [
        evolve(
            unit,
            scope=unit.scope or "system",
            entries=tuple(e for e in unit.entries if e.name not in WANTS),
            asks_install=not unit.dropin,
        )
        for unit in units
    ]
    return [unit.directive("WantedBy") for unit in settle(asking, "system")]


def _mentions(unit: Unit, *, strong: bool = False) -> Iterator[str]:
    """The names of other units that a unit's call may have in it; only of those that a person would write above it."""
    if unit.dropin:
        yield unit.name
    elif (found := triggered(unit)) and found[1] is None:
        yield found[0]
    for entry in unit.entries:
        row = catalog.lookup(entry.section, entry.name)
        if row and row.value in NAMES and not (strong and row.name in _WEAK):
            yield from entry.value.split()


def _order(units: Sequence[Unit]) -> list[int]:
    """The units as they were given, but each behind those that it names; of a circle one has to name by text."""
    places = {(unit.scope, unit.name): place for place, unit in reversed(list(enumerate(units))) if not unit.dropin}
    order: dict[int, None] = {}
    for start in range(len(units)):
        way = [(start, _behind(units, start, places))] if start not in order else []
        entered = {start}
        while way:
            _, rest = way[-1]
            after = next((other for other in rest if other not in order and other not in entered), None)
            if after is None:
                order[way.pop()[0]] = None
            else:
                entered.add(after)
                way.append((after, _behind(units, after, places)))
    return list(order)


def _behind(units: Sequence[Unit], place: int, places: Mapping[_Key, int]) -> Iterator[int]:
    scope = units[place].scope
    return (places[scope, name] for name in _mentions(units[place], strong=True) if (scope, name) in places)


def _variables(units: Sequence[Unit], order: Sequence[int]) -> dict[int, str]:
    """A variable for each unit that a later one names."""
    there: dict[_Key, int] = {}
    wanted: dict[int, None] = {}
    for place in order:
        unit = units[place]
        wanted |= {there[unit.scope, name]: None for name in _mentions(unit) if (unit.scope, name) in there}
        if not unit.dropin:
            there[unit.scope, unit.name] = place
    found: dict[int, str] = {}
    for place in wanted:
        found[place] = _variable(units[place], set(found.values()))
    return found


def _variable(unit: Unit, taken: set[str]) -> str:
    """A name that is free: that of the unit, with its kind where that is taken."""
    stem = path(unit) or unit.name.rpartition(".")[0]
    plain = re.sub(r"\W+", "_", re.sub(r"\\x..", "_", stem), flags=re.ASCII).strip("_").lower()
    plain = plain if plain.isidentifier() else f"unit_{plain}".rstrip("_")
    own = f"{plain}_{unit.kind}"
    candidates = [plain] if unit.kind == "service" else []
    candidates += [own, *(f"{own}_{number}" for number in range(2, 2 + len(taken)))]
    return next(name for name in candidates if name not in taken and name not in _RESERVED)


__all__ = ["Remarks", "text"]
