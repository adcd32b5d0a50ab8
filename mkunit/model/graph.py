"""Units and the edges between them, as systemd would see them once all are loaded (systemd.unit(5))."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from mkunit.errors import Origin
from mkunit.model.name import parse
from mkunit.model.unit import Entry, Unit

RELATIONS = {
    "Requires": "requires", "Requisite": "requires", "Wants": "wants", "BindsTo": "binds-to", "Upholds": "wants",
    "PartOf": "part-of", "Conflicts": "conflicts", "Before": "before", "After": "after", "OnFailure": "triggers",
    "OnSuccess": "triggers", "Sockets": "wants", "Slice": "slice", "Also": "also",
    "WantedBy": "wanted-by", "RequiredBy": "required-by", "UpheldBy": "wanted-by",
}  # fmt: skip
_NAME_SPECIFIERS = ("n", "N", "p", "i", "j")


class Edge(NamedTuple):
    """What one unit has to do with another; `implicit` where no line says so but systemd adds it."""

    relation: str
    source: str
    target: str
    scope: str
    origin: Origin | None = None
    directive: str | None = None
    implicit: bool = False


def expand(word: str, unit: Unit) -> str:
    """A unit name as written in a unit, with the specifiers that stand for the unit's own name filled in."""
    if "%" not in word:
        return word
    parts = unit.parts
    stem = unit.name.rpartition(".")[0]
    values = (unit.name, stem, parts.prefix, parts.instance or "", parts.prefix.rpartition("-")[2])
    out = word.replace("%%", "\0")
    for letter, value in zip(_NAME_SPECIFIERS, values, strict=True):
        out = out.replace(f"%{letter}", value)
    return out.replace("\0", "%")


def triggered(unit: Unit) -> tuple[str, Entry | None] | None:
    """The unit that a socket, timer, path or automount starts, and the line that names it where one does."""
    if unit.is_masked:
        return None
    parts = unit.parts
    match unit.kind:
        case "socket" if unit.flag("Accept"):
            return f"{parts.prefix}@.service", None
        case "socket":
            lines, kind = tuple(unit.all("Service", "Socket"))[::-1], "service"  # the last one holds
        case "timer" | "path":
            lines, kind = tuple(unit.all("Unit", unit.kind.capitalize())), "service"  # the first one holds
        case "automount":
            lines, kind = (), "mount"
        case _:
            return None
    named = next((e for e in lines if e.value), None)
    if named:
        return expand(named.value, unit), named
    return f"{unit.name.rpartition('.')[0]}.{kind}", None


class Graph:
    """All units of a project, scopes settled."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self.units = units

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Graph":
        return cls(tuple(units))

    @cached_property
    def unmasked(self) -> "Graph":
        """Without the units that are masked, of which there is nothing to read."""
        return Graph(tuple(u for u in self.units if not u.is_masked)) if any(u.is_masked for u in self.units) else self

    @cached_property
    def named(self) -> dict[tuple[str, str], Unit]:
        """Whole units, without the drop-ins, by scope and name; of two of one name, the first."""
        found: dict[tuple[str, str], Unit] = {}
        for unit in self.units:
            if not unit.dropin:
                found.setdefault((unit.scope or "system", unit.name), unit)
        return found

    def get(self, scope: str, name: str) -> Unit | None:
        """A unit of the project by name, or the template that an instance of that name would be made from."""
        if found := self.named.get((scope, name)):
            return found
        try:
            template = parse(name).template
        except ValueError:
            return None
        return self.named.get((scope, template)) if template else None

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge, those of drop-ins included, in the order in which they were written."""
        return tuple(edge for unit in self.units for edge in _edges(unit))


def _edges(unit: Unit) -> Iterator[Edge]:
    scope = unit.scope or "system"
    for entry in unit.entries:
        if relation := RELATIONS.get(entry.name):
            for word in entry.value.split():
                target = expand(word, unit)
                yield Edge(relation, unit.name, target, scope, entry.origin or unit.origin, entry.name)
    if unit.dropin:
        return
    if found := triggered(unit):
        target, entry_ = found
        origin = (entry_.origin if entry_ else None) or unit.origin
        yield Edge("triggers", unit.name, target, scope, origin, entry_.name if entry_ else None, entry_ is None)
        yield Edge("before", unit.name, target, scope, origin, None, True)
    if template := unit.parts.template:
        yield Edge("template", unit.name, template, scope, unit.origin, None, True)
