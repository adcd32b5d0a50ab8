"""Units as systemd will read them, before and after an apply: with all drop-ins on the search path, anybody's."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from mkunit import parser
from mkunit.model.name import is_name, parse
from mkunit.model.plan import Found, Generation, Piece
from mkunit.model.unit import MASK, Entry, Unit
from mkunit.parser.dropins import DISK, candidates
from mkunit.planner import Effective

# Most files have no surprises: no blanks to strip, no line that goes on below, nothing before the first section.
_COMMENT = r"(?:#[ -\[\]-~]*)?\n"
_LINE = r"[A-Za-z][A-Za-z0-9-]*=(?:(?! )[ -~]*[!-\[\]-~])?\n"
PLAIN = re.compile(rf"(?:{_COMMENT})*(?:\[[A-Za-z][A-Za-z0-9-]*\]\n(?:{_COMMENT}|{_LINE})*)*")
_LONG = 1 << 20  # no line of a shorter text is too long for systemd


class Tree:
    """A search path whose first folder is ours, with the contents that it has, or will have; names are listed once."""

    def __init__(self, folder: str, folders: Sequence[str], ours: Mapping[str, str | None]) -> None:
        self.folder = Path(folder)
        self._prefix = f"{self.folder}/"
        self.folders = [Path(path) for path in dict.fromkeys([folder, *folders])]
        self.ours = ours  # texts of our paths; None where a path is to be away

    @cached_property
    def _listed(self) -> dict[Path, set[str]]:
        """What is in each folder of the search path, and which of them are folders of drop-ins."""
        found: dict[Path, set[str]] = {}
        for folder in self.folders:
            found[folder] = set(DISK.names(folder))
        for path, text in self.ours.items():
            place = self.folder / path
            if text is None:
                found.get(place.parent, set()).discard(place.name)
            else:
                if place.parent not in found:
                    found[place.parent] = self._beside(place.parent)
                found[place.parent].add(place.name)
                if place.parent != self.folder:
                    found[self.folder].add(place.parent.name)
        return found

    def _beside(self, folder: Path) -> set[str]:
        return {name for name in DISK.names(folder) if self.ours.get(f"{folder.name}/{name}", "") is not None}

    def names(self, folder: Path) -> Sequence[str]:
        if folder in self._listed:
            return sorted(self._listed[folder])
        # Most units have no drop-ins: a folder that its parent does not list need not be asked for.
        if folder.name not in self._listed.get(folder.parent, ()):
            return ()
        return [name for name in DISK.names(folder) if folder.parent != self.folder or self._is_there(folder, name)]

    def _is_there(self, folder: Path, name: str) -> bool:
        return self.ours.get(f"{folder.name}/{name}", "") is not None

    def is_mask(self, file: Path) -> bool:
        return DISK.is_mask(file) if self._own(file) is None else self._own(file) in ("", MASK)

    def link(self, file: Path) -> str | None:
        return DISK.link(file) if self._own(file) is None else None

    def _own(self, file: Path) -> str | None:
        path = os.fspath(file)
        return self.ours.get(path[len(self._prefix) :]) if path.startswith(self._prefix) else None

    def unit(self, name: str) -> Unit | None:
        """A unit with its drop-ins, None where it has no file."""
        file = self.find(name)
        if file is None or self._own(file) == MASK or (main := self._parse(file, name, None)) is None:
            return None
        names = [name] if file.name == name else [name, file.name]
        if not self._has_dropins(names):
            return main
        files = parser.ordered(names, self.folders, self)
        return parser.merge(main, [found for at in files if (found := self._parse(at, name, at.name))])

    @cached_property
    def _dropins(self) -> set[str]:
        """The names of all folders of drop-ins."""
        return {name for folder in self.folders for name in self._listed[folder] if name.endswith(".d")}

    def _has_dropins(self, names: Sequence[str]) -> bool:
        """Whether there may be any: to look for a unit's drop-ins takes longer than to read it."""
        kind = names[0].rpartition(".")[2]
        return any(f"{one}.d" in self._dropins for name in names for one in (*candidates(name), kind))

    def find(self, name: str) -> Path | None:
        """As `parser.find`, of whose lists this one only needs to know whether a name is in them."""
        template = parse(name).template if is_name(name) else None
        for wanted in (name, template):
            for folder in self.folders:
                if wanted and wanted in self._listed[folder]:
                    return folder / wanted
        return None

    def _parse(self, file: Path, name: str, dropin: str | None) -> Unit | None:
        text = self._own(file)
        if text is not None and len(text) < _LONG and PLAIN.fullmatch(text):
            return Unit(name, tuple(entries(text)), dropin=dropin)
        try:
            data = file.read_bytes() if text is None else text.encode("utf-8", "surrogateescape")
        except OSError:
            return None
        return parser.parse(data, name, os.fspath(file), dropin).unit


def entries(text: str) -> Iterator[Entry]:
    """The lines of a file without surprises, which take the parser ten times as long."""
    section = ""
    for line in text.split("\n"):
        if line.startswith("["):
            section = line[1:-1]
        elif line and line[0] != "#":
            key, _, value = line.partition("=")
            yield Entry(section, key, value)


def effects(
    names: Iterable[str], folder: str, folders: Sequence[str], wanted: Iterable[Piece], owned: Generation,
    found: Mapping[str, Found],
) -> dict[str, Effective]:  # fmt: skip
    """Each unit as it is now on disk, and as it will be; in the place of what goes is what it was adopted from."""
    after: dict[str, str | None] = {piece.path: owned.saved.get(piece.path) for piece in owned.pieces}
    after |= {piece.path: piece.text for piece in wanted}
    before: dict[str, str | None] = {path: found[path].text for path in after if path in found}
    now, then = Tree(folder, folders, before), Tree(folder, folders, after)
    return {name: Effective(now.unit(name), then.unit(name)) for name in names}


def masked(names: Iterable[str], folder: str, folders: Sequence[str]) -> list[str]:
    """Those that an empty file or a link to /dev/null hides; systemd itself only tells of what it has loaded."""
    tree = Tree(folder, folders, {})
    return [name for name in names if (file := tree.find(name)) and DISK.is_mask(file)]
