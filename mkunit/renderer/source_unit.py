"""One unit as the call of its builder: keywords in the order of the lines, defaults left out."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mkunit import catalog
from mkunit.catalog.spec import Directive, Many
from mkunit.dsl.naming import sentence, usual_file
from mkunit.errors import Origin
from mkunit.model.graph import expand, triggered
from mkunit.model.name import KINDS, ROOT, unescape
from mkunit.model.text import percent
from mkunit.model.unit import Entry, Unit
from mkunit.renderer.source_layout import WIDTH, Piece, literal, sequence, string
from mkunit.renderer.source_values import Values

WANTS = ("WantedBy", "RequiredBy", "UpheldBy")
_PATHS = {"mount": "Where", "automount": "Where", "swap": "What"}


class Remarks(NamedTuple):
    """The comments of one unit: above all of it, above what a line became, and after the last line."""

    above: tuple[str, ...] = ()
    lines: Mapping[Origin | None, tuple[str, ...]] = {}  # nobody adds to it
    below: tuple[str, ...] = ()


class Call:
    """One unit's call. `wanted` is the target that its kind brings, `names` the variables that it may use."""

    def __init__(self, unit: Unit, wanted: str | None, names: Mapping[str, str], remarks: Remarks) -> None:
        self.unit = unit
        self.wanted = wanted
        self.remarks = remarks
        self.builder = "DropIn" if unit.dropin else unit.kind.capitalize()
        self.values = Values(names)
        self.values.words.add(self.builder)
        self.path = path(unit)
        self.lines: dict[tuple[str, str], list[Entry]] = {}
        for entry in unit.entries:
            self.lines.setdefault((entry.section, entry.name), []).append(entry)
        self._environment: tuple[Piece | None] | None = None
        self.defaults = frozenset(self._defaults())

    def piece(self, variable: str | None) -> Piece:
        """The call, assigned to a variable where others name the unit."""
        arguments, left = self._arguments()
        items = (Piece(self._first()), *arguments)
        call = Piece(f"{self.builder}(", items, ")", above=self.remarks.above, below=(*left, *self.remarks.below))
        return call.after(f"{variable} = ") if variable else call

    def _first(self) -> str:
        """The builder's first argument."""
        name = self.unit.name
        if self.unit.dropin:
            return self.values.name(name)
        if self.path is not None:
            return literal(self.path)
        stem = name.rpartition(".")[0]
        return literal(name if stem.rpartition(".")[2] in KINDS else stem)

    def _arguments(self) -> tuple[list[Piece], tuple[str, ...]]:
        """The keywords, and the comments that stand below all of them."""
        unit = self.unit
        found: dict[str, Piece] = {}
        if unit.dropin and unit.dropin != usual_file(unit.name):
            found["file"] = Piece(literal(unit.dropin))
        if unit.scope == "user":
            found["scope"] = Piece(literal(unit.scope))
        if unit.is_masked:
            found["masked"] = Piece("True")
            return [value.after(f"{keyword}=") for keyword, value in found.items()], ()
        if not unit.dropin and ("Unit", "Description") not in self.lines:
            found["description"] = Piece("[]")
        left = self._keywords(found)
        if (target := self._derived()) and "activates" not in found:
            found["activates"] = Piece(target)
        if self.wanted and not unit.dropin and not unit.asks_install and not self._is_wanted():
            found["wanted_by"] = Piece("[]")
        return [value.after(f"{keyword}=") for keyword, value in found.items()], left

    def _keywords(self, found: dict[str, Piece]) -> tuple[str, ...]:
        """The keywords that make the lines; the answer are comments above lines that have no keyword of their own."""
        pending: tuple[str, ...] = ()
        placed: set[Origin | None] = set()
        for place, entry in enumerate(self.unit.entries):
            if entry.origin not in placed:
                pending += self.remarks.lines.get(entry.origin, ())
            if place in self.defaults:
                continue
            row = catalog.lookup(entry.section, entry.name)
            keyword = self._keyword(entry, row)
            if keyword in found:
                continue
            entries = self._covered(keyword, entry)
            value = self._remarked(self._value(keyword, row, entries), entries, placed)
            found[keyword], pending = value._replace(above=pending), ()
        return pending

    def _remarked(self, value: Piece, entries: list[Entry], placed: set[Origin | None]) -> Piece:
        """Comments on the second line and on those after it stand beside the items that the lines have become."""
        if len(value.items) != len(entries):
            return value
        items = [value.items[0]]
        for item, entry in zip(value.items[1:], entries[1:], strict=True):
            items.append(item._replace(above=self.remarks.lines.get(entry.origin, ())))
            placed.add(entry.origin)
        return value._replace(items=tuple(items))

    def _is_wanted(self) -> bool:
        return any(("Install", name) in self.lines for name in WANTS)

    def _defaults(self) -> Iterator[int]:
        """The lines that the builder writes by itself, where they stand where it writes them."""
        if self.unit.dropin:
            return
        places: dict[str, list[int]] = {}
        for place, entry in enumerate(self.unit.entries):
            places.setdefault(entry.section, []).append(place)
        own = catalog.sections(self.unit.kind)[1]
        named = None if self.path is None else (own, _PATHS[self.unit.kind], percent(self.path))
        about = ("Unit", "Description", sentence(self.unit.name, self.path))
        wants = ("Install", "WantedBy", self.wanted)
        for line in (about, named, wants):
            if line is None or line[0] not in places:
                continue
            place = places[line[0]][-1 if line is wants else 0]
            alone = len(self.lines.get(line[:2], ())) == 1
            alone &= line is not wants or not any(("Install", name) in self.lines for name in WANTS[1:])
            if alone and self.unit.entries[place][:3] == line:
                yield place

    def _keyword(self, entry: Entry, row: Directive | None) -> str:
        """The keyword that makes a line, with all others that it makes."""
        if row is None or not self._expressible(entry, row):
            return "extra"
        if entry.section == "Socket" and entry.name.startswith("Listen"):
            return "listen"
        if row.keyword in ("service", "unit") and self.unit.kind in ("socket", "timer", "path"):
            lines = self.lines[entry.section, entry.name]
            return "activates" if len(lines) == 1 and self._activated(lines[0].value) else row.keyword
        return row.keyword

    def _expressible(self, entry: Entry, row: Directive) -> bool:
        """Whether its own keyword makes just these lines."""
        if catalog.keywords(self.unit.kind).get(row.keyword) != (entry.section, entry.name):
            return False
        lines = self.lines[entry.section, entry.name]
        if len(lines) == 1 or row.many is Many.REPEAT:
            return True
        if row.value == "environ" and self._variables(lines):
            return True
        return row.many is Many.JOIN and len(lines) == 2 and lines[0].value == "" != lines[1].value

    def _variables(self, lines: list[Entry]) -> Piece | None:
        if self._environment is None:  # there is one such directive in a unit, and it may have thousands of lines
            self._environment = (self.values.variables([line.value for line in lines]),)
        return self._environment[0]

    def _covered(self, keyword: str, entry: Entry) -> list[Entry]:
        """The lines that a keyword makes, in order."""
        if keyword == "listen":
            return [e for e in self.unit.entries if e.section == "Socket" and e.name.startswith("Listen")]
        if keyword == "extra":
            return [e for place, e in enumerate(self.unit.entries) if place not in self.defaults and self._is_extra(e)]
        return self.lines[entry.section, entry.name]

    def _is_extra(self, entry: Entry) -> bool:
        row = catalog.lookup(entry.section, entry.name)
        return row is None or not self._expressible(entry, row)

    def _value(self, keyword: str, row: Directive | None, entries: list[Entry]) -> Piece:
        lines = [e.value for e in entries]
        if keyword == "extra" or row is None:
            return sequence([Piece(literal((e.section, e.name, e.value))) for e in entries])
        if keyword == "listen":
            return sequence([Piece(self.values.address(e)) for e in entries])
        if keyword == "activates":
            return Piece(self.values.name(lines[0]))
        if row.value == "environ" and (variables := self._variables(entries)):
            return variables
        room = WIDTH - 6 - len(keyword)
        if len(lines) > 1:
            return sequence([self.values.command(row, line) if row.value == "exec" else string(line) for line in lines])
        return self.values.value(row, lines[0], room)

    def _activated(self, target: str) -> bool:
        """Whether `activates=` would write that line."""
        unit = self.unit
        kind = target.rpartition(".")[2]
        fits = kind == "service" if unit.kind == "socket" else kind in catalog.kinds() and kind != unit.kind
        derived = f"{unit.name.rpartition('.')[0]}.service"
        return fits and "@." not in target and not unit.flag("Accept") and expand(target, unit) != derived

    def _derived(self) -> str | None:
        """The variable of the unit that this one starts although no line says so."""
        found = None if self.unit.dropin else triggered(self.unit)
        return self.values.names.get(found[0]) if found and found[1] is None else None


def path(unit: Unit) -> str | None:
    """The path that a mount or swap is named after."""
    if unit.kind not in _PATHS or unit.dropin:
        return None
    stem = unit.name.rpartition(".")[0]
    return "/" if stem == ROOT else f"/{unescape(stem)}"
