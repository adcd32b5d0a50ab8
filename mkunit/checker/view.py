"""The units of a graph as a manager sees them: drop-ins merged in, lines by name, and who starts whom.

Made once for a graph, whichever rules ask for it.
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache

from mkunit.checker.sockets import listeners
from mkunit.model.graph import Graph, expand, triggered
from mkunit.model.name import Name, parse
from mkunit.model.unit import Entry, Unit, standing

Node = tuple[str, str]  # scope and name
_TRUE = ("1", "yes", "y", "true", "t", "on")


class Seen:
    """A unit with its lines by the name of their directive."""

    def __init__(self, unit: Unit, dropins: tuple[Unit, ...] = ()) -> None:
        self.unit = unit
        self.name = unit.name
        self.kind = unit.kind
        self.scope = unit.scope or "system"
        self.dropins = dropins
        self.lines: dict[str, list[Entry]] = {}
        for part in (unit, *dropins):
            for entry in part.entries:
                if not entry.section.startswith("X-"):
                    self.lines.setdefault(entry.name, []).append(entry)

    @property
    def node(self) -> Node:
        return self.scope, self.name

    @cached_property
    def parts(self) -> Name:
        return parse(self.name)

    @cached_property
    def stem(self) -> str:
        return self.name.rpartition(".")[0]

    def entry(self, name: str) -> Entry | None:
        """The line of a directive that holds: the last one."""
        found = self.lines.get(name)
        return found[-1] if found else None

    def get(self, name: str) -> str:
        """The value of a directive, empty where it is not set."""
        found = self.lines.get(name)
        return found[-1].value if found else ""

    def flag(self, name: str, default: bool = False) -> bool:
        word = self.get(name)
        return word.lower() in _TRUE if word else default

    def all(self, *names: str) -> list[Entry]:
        """The lines of directives that repeat, without those that an empty one took back."""
        found: list[Entry] = []
        for name in names:
            found += standing(self.lines.get(name, ()))
        return found

    def words(self, *names: str) -> Iterator[tuple[str, Entry]]:
        """The units that lines such as `After=` name; an empty line takes nothing back there."""
        for name in names:
            for entry in self.lines.get(name, ()):
                for word in entry.value.split():
                    yield expand(word, self.unit), entry

    @cached_property
    def listeners(self) -> list[Entry]:
        """The lines that a socket listens by, those of its drop-ins included."""
        return listeners(self.unit, *self.dropins)

    def names(self, *names: str) -> set[str]:
        return {word for word, _ in self.words(*names)}


class View:
    """All units of a graph, and what leads from one to another."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        dropins: dict[Node, list[Unit]] = {}
        for unit in graph.units:
            if unit.dropin:
                dropins.setdefault((unit.scope or "system", unit.name), []).append(unit)
        self.named: dict[Node, Seen] = {}
        for node, unit in graph.named.items():
            parts = sorted(dropins.pop(node, ()), key=lambda part: part.dropin or "")
            self.named[node] = Seen(unit, tuple(parts))
        self.lonely = tuple(unit for parts in dropins.values() for unit in parts)  # drop-ins for units of others

    @cached_property
    def by_kind(self) -> dict[str, list[Seen]]:
        found: dict[str, list[Seen]] = {}
        for seen in self.named.values():
            found.setdefault(seen.kind, []).append(seen)
        return found

    def of(self, *kinds: str) -> Iterator[Seen]:
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    @cached_property
    def _having(self) -> dict[str, list[Seen]]:
        found: dict[str, list[Seen]] = {}
        for seen in self.named.values():
            for name in seen.lines:
                found.setdefault(name, []).append(seen)
        return found

    def having(self, *names: str) -> Iterator[Seen]:
        """The units that set one of the directives, each once."""
        if len(names) == 1:
            yield from self._having.get(names[0], ())
            return
        yield from dict.fromkeys(seen for name in names for seen in self._having.get(name, ()))

    def get(self, scope: str, name: str) -> Seen | None:
        """A unit of the project by name, or the template that an instance would be made from."""
        if found := self.named.get((scope, name)):
            return found
        stem, at, rest = name.partition("@")
        return self.named.get((scope, f"{stem}@.{rest.rpartition('.')[2]}")) if at else None

    def starts(self, seen: Seen) -> Seen | None:
        """The unit of the project that a socket, timer, path or automount starts."""
        found = triggered(seen.unit)
        return self.get(seen.scope, found[0]) if found else None

    @cached_property
    def starters(self) -> dict[Node, list[Seen]]:
        """The sockets, timers, paths and automounts that start a unit, by that unit."""
        found: dict[Node, list[Seen]] = {}
        for seen in self.of("socket", "timer", "path", "automount"):
            if started := self.starts(seen):
                found.setdefault(started.node, []).append(seen)
        return found

    @cached_property
    def mounts(self) -> dict[Node, Seen]:
        """The mounts by scope and path."""
        return {(seen.scope, seen.get("Where").rstrip("/")): seen for seen in self.of("mount")}

    def activated(self, *, accept: bool | None = None) -> Iterator[tuple[Seen, Seen]]:
        """Each socket with its service; by whether it accepts connections itself, where that is asked for."""
        for seen in self.of("socket"):
            if (accept is None or seen.flag("Accept") is accept) and (service := self.starts(seen)):
                yield seen, service

    @cached_property
    def pulled(self) -> set[Node]:
        """The units that another unit of the project starts, or that can be enabled."""
        found = set(self.starters)
        pulls = ("Wants", "Requires", "BindsTo", "Requisite", "Upholds", "Sockets", "OnFailure", "OnSuccess", "Also")
        for seen in self.having(*pulls):
            found |= {(seen.scope, name) for name in seen.names(*pulls)}
        for seen in self.having("WantedBy", "RequiredBy", "UpheldBy", "Alias"):
            if seen.all("WantedBy", "RequiredBy", "UpheldBy", "Alias"):
                found.add(seen.node)
        for seen in self.having("Slice"):
            found.add((seen.scope, seen.get("Slice")))
        return found


@lru_cache(maxsize=1)
def of(graph: Graph) -> View:
    """The view of a graph; the last one is kept, since all rules ask for it in turn."""
    return View(graph)
