"""What systemd knows: directives, sections and kinds, read from tables; nothing here knows of units."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mkunit.catalog.spec import Directive, Flag, Many

OLDEST = 249


def rows(table: str) -> list[list[str]]:
    """The rows of a table of this folder, without its header."""
    return [line.split("\t") for line in lines(table)]


def lines(table: str) -> list[str]:
    """The same, not yet taken apart."""
    # importlib.resources would cost more than everything else that a short run imports.
    with open(f"{__path__[0]}/{table}", encoding="utf-8") as file:
        text = file.read()
    return text.rstrip("\n").split("\n")[1:]


@cache
def sections(kind: str) -> tuple[str, ...]:
    """The sections of a unit file of that kind, in the order of the file: `("Unit", "Socket", "Install")`."""
    own = _kinds()[kind][0]
    return ("Unit", own, "Install") if own else ("Unit", "Install")


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of units that have files, which are also the suffixes of their names."""
    return tuple(_kinds())


@cache
def _kinds() -> dict[str, tuple[str, tuple[str, ...], dict[str, str]]]:
    return {
        kind: (section, tuple(shared.split()), {"system": system, "user": user})
        for kind, section, shared, system, user in rows("kinds.tsv")
    }


def wanted_by(kind: str, scope: str) -> str:
    """The target that wants an enabled unit of a kind unless the user says otherwise; empty for a slice."""
    return _kinds()[kind][2][scope]


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    """Rows by section and name, still as text: most are never looked at."""
    table: dict[str, dict[str, list[str]]] = {}
    for line in lines("directives.tsv"):
        row = line.split("\t", 3)
        table.setdefault(row[0], {})[row[1]] = row
    return table


def _directive(section: str, row: list[str]) -> Directive:
    _, name, keyword, rest = row
    value, since, until, successor, many, default, man, flags = rest.split("\t")
    return Directive(
        section, name, keyword, value, int(since or 0), int(until) if until else None, successor,
        Many(many), default, man, frozenset(map(Flag, flags.split())),
    )  # fmt: skip


def _sources(section: str) -> tuple[str, ...]:
    """The table's sections whose rows hold in a section of a file."""
    return (section, *next((shared for own, shared, _ in _kinds().values() if own == section), ()))


@cache
def lookup(section: str, name: str) -> Directive | None:
    """A directive by the section that it stands in and its name, both as in the file."""
    for source in _sources(section):
        if row := _table().get(source, {}).get(name):
            return _directive(section, row)
    return None


@cache
def directives(section: str) -> Mapping[str, Directive]:
    """All directives of a section of a file, by name."""
    names = [name for source in _sources(section) for name in _table().get(source, {})]
    found = {name: lookup(section, name) for name in names}
    return MappingProxyType({name: row for name, row in found.items() if row})


@cache
def keywords(kind: str) -> Mapping[str, tuple[str, str]]:
    """Section and name for each keyword of a kind; where two sections have a name, the first that is no legacy."""
    found: dict[str, tuple[str, str]] = {}
    for section in sections(kind):
        for source in _sources(section):
            for name, row in _table().get(source, {}).items():
                if row[2] not in found or "legacy" in _table_flags(found[row[2]]):
                    found[row[2]] = (section, name)
    return MappingProxyType(found)


@cache
def network_file_systems() -> frozenset[str]:
    """The types of file systems that need the network: such mounts belong to remote-fs.target."""
    return frozenset(name for (name,) in rows("network-file-systems.tsv"))


def _table_flags(place: tuple[str, str]) -> frozenset[Flag]:
    row = lookup(*place)
    return row.flags if row else frozenset()
