"""Where systemd finds a unit's file and its drop-ins, and in which order they hold (systemd.unit(5)).

Folders are asked through a `Listing`; nothing is written, and no file is read.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from attrs import evolve

from mkunit.model.name import Name, parse
from mkunit.model.unit import Unit


class Listing(Protocol):
    """What is in folders."""

    def names(self, folder: Path) -> Sequence[str]:
        """The names in a folder; none where there is no such folder."""

    def is_mask(self, file: Path) -> bool:
        """Whether a file is empty, or a link to /dev/null: it hides what it is named after."""

    def link(self, file: Path) -> str | None:
        """The name that a symbolic link points to, None for other files."""


class Disk:
    """The folders of this machine."""

    def names(self, folder: Path) -> Sequence[str]:
        try:
            return os.listdir(folder)  # noqa: PTH208  names are wanted, not paths
        except OSError:
            return ()

    def is_mask(self, file: Path) -> bool:
        try:
            found = file.stat()
        except OSError:
            return False
        return found.st_size == 0 and not file.is_dir()

    def link(self, file: Path) -> str | None:
        try:
            return Path(os.readlink(file)).name  # noqa: PTH115  the name is wanted as it stands in the link
        except OSError:
            return None


DISK = Disk()


@cache
def candidates(name: str) -> tuple[str, ...]:
    """The names whose `.d` folders hold drop-ins for a unit, its own first, then the template's and those of prefixes.

    >>> candidates("a-b@i.service")
    ('a-b@i.service', 'a-b@.service', 'a-.service', 'a-@i.service', 'a-@.service')
    """
    try:
        parts = parse(name)
    except ValueError:
        return (name,)
    found = [name]
    if parts.template:
        found += candidates(parts.template)
    if prefix := _shorter(parts.prefix):
        found += candidates(str(Name(prefix, parts.instance or None, parts.kind)))
    return tuple(dict.fromkeys(found))


def _shorter(prefix: str) -> str | None:
    """The prefix up to the last dash but one at its end: `a-b-c` and `a-b-` give `a-b-` and `a-`."""
    stem = prefix.removesuffix("-")
    dash = stem.rfind("-")
    return stem[: dash + 1] if dash > 0 else None


def ordered(names: Sequence[str], folders: Sequence[Path], listing: Listing = DISK) -> list[Path]:
    """The drop-ins of a unit, by its name and its aliases, in the order in which systemd reads them.

    The order is that of file names over all folders; of files of one name only the first counts, in the order of names,
    then of search folders, then of `candidates`. A mask hides the others of its name.
    """
    found: dict[str, Path] = {}
    for folder in _folders(names, folders):
        for name in listing.names(folder):
            if name.endswith(".conf") and not name.startswith("."):
                found.setdefault(name, folder / name)
    return [found[name] for name in sorted(found, key=os.fsencode) if not listing.is_mask(found[name])]


def _folders(names: Sequence[str], folders: Sequence[Path]) -> Iterator[Path]:
    for name in names:
        for folder in folders:
            for candidate in candidates(name):
                yield folder / f"{candidate}.d"
    kind = names[0].rpartition(".")[2]
    for folder in folders:
        yield folder / f"{kind}.d"


def find(name: str, folders: Sequence[Path], listing: Listing = DISK) -> Path | None:
    """The file of a unit, or of the template that an instance of that name is made from; the first folder wins."""
    try:
        template = parse(name).template
    except ValueError:
        return None
    for wanted in (name, template):
        for folder in folders:
            if wanted and wanted in listing.names(folder):
                return folder / wanted
    return None


def aliases(name: str, folders: Sequence[Path], listing: Listing = DISK) -> list[str]:
    """The other names of a unit: links in the search folders that lead to it, of the same kind, over links too."""
    kind = name.rpartition(".")[2]
    links: dict[str, str] = {}
    for folder in folders:
        for other in listing.names(folder):
            if other.endswith(f".{kind}") and (target := listing.link(folder / other)) and target != other:
                links.setdefault(other, target)
    found, size = {name}, 0
    while len(found) > size:
        size = len(found)
        found |= {other for other, target in links.items() if target in found}
    return sorted(found - {name})


def merge(unit: Unit, dropins: Iterable[Unit]) -> Unit:
    """A unit with its drop-ins, in their order: systemd reads them as if they stood at the end of its file."""
    return evolve(unit, entries=unit.entries + tuple(entry for dropin in dropins for entry in dropin.entries))
