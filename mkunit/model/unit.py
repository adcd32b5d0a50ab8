"""A unit as data: its name, the directives that were set, and where it was written."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from attrs import frozen

from mkunit.errors import Origin
from mkunit.model.name import Name, parse

SCOPES = ("system", "user")


class Entry(NamedTuple):
    """One line of a unit file: `Key=value` in a section. The value is text, quoted where it had to be."""

    section: str
    name: str
    value: str
    origin: Origin | None = None


def standing(lines: Iterable[Entry]) -> list[Entry]:
    """The lines that hold, of those that add up: an empty one takes back all before it."""
    found: list[Entry] = []
    for line in lines:
        if line.value:
            found.append(line)
        else:
            found.clear()
    return found


# attrs' own equality and representation would cost half a millisecond at each start.
@frozen(eq=False, repr=False)
class Unit:
    """A unit, or a drop-in for one. It prints as its name, and stands wherever a unit's name may stand."""

    name: str
    entries: tuple[Entry, ...] = ()
    origin: Origin | None = None
    source: str | None = None  # the file that its first line names, relative to the project
    scope: str | None = None  # None until a project's default settles it
    dropin: str | None = None  # the file name of a drop-in
    asks_install: bool = False  # its kind's [Install] is to be added, unless another unit starts it
    policy: tuple[tuple[str, object], ...] = ()  # what is done when it changes; no line of the file

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{'drop-in' if self.dropin else 'unit'} {self.path}, {len(self.entries)} lines>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unit) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def _fields(self) -> tuple[object, ...]:
        place = (self.name, self.scope, self.dropin, self.origin, self.source)
        return (*place, self.entries, self.asks_install, self.policy)

    @property
    def parts(self) -> Name:
        return parse(self.name)

    @property
    def kind(self) -> str:
        """The suffix of its name: `service`, `socket`, …"""
        return self.name.rpartition(".")[2]

    @property
    def path(self) -> str:
        """Its file, relative to a unit folder."""
        return f"{self.name}.d/{self.dropin}" if self.dropin else self.name

    def all(self, name: str, section: str | None = None) -> Iterator[Entry]:
        """Every line of a directive, in the order of the file."""
        return (e for e in self.entries if e.name == name and section in (None, e.section))

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a directive that repeats, without those that an empty assignment took back."""
        return tuple(entry.value for entry in standing(self.all(name)))

    def directive(self, name: str) -> str | None:
        """The last value of a directive, None where it is not set."""
        return next((e.value for e in reversed(self.entries) if e.name == name), None)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean directive, read as systemd reads booleans."""
        word = (self.directive(name) or "").lower()
        return default if not word else word in ("1", "yes", "y", "true", "t", "on")


class UnitFile(NamedTuple):
    """A rendered file: where it goes and what stands in it."""

    name: str
    scope: str
    path: str
    text: str
    source: str | None
    host: str | None = None
