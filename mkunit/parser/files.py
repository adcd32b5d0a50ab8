"""Unit files with their drop-ins, from paths or by name; nothing is judged here but what cannot be read."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from attrs import evolve

from mkunit.errors import Diagnostic, Origin
from mkunit.model.name import KINDS, is_name, parse
from mkunit.model.unit import Unit
from mkunit.parser import dropins, text
from mkunit.parser.text import Parsed


class Loaded(NamedTuple):
    """A unit with its drop-ins merged in, and the files that it comes from: its own first, if it has one."""

    path: str
    unit: Unit | None  # None where there is nothing to judge
    files: tuple[Parsed, ...] = ()
    troubles: tuple[Diagnostic, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the files, their lines' syntax included."""
        return (*self.troubles, *(found for parsed in self.files for found in parsed.diagnostics))

    @property
    def lines(self) -> Mapping[str, Sequence[str]]:
        """The files' lines, by path."""
        return {parsed.unit.origin.path: parsed.lines for parsed in self.files if parsed.unit.origin}

    @property
    def is_broken(self) -> bool:
        """Whether systemd does not load the unit, whatever its lines say."""
        return any(parsed.broken for parsed in self.files if not parsed.unit.dropin)


def is_unit_file(path: Path) -> bool:
    """Whether a path is named as a unit file, or as a drop-in."""
    return path.suffix[1:] in KINDS or (path.suffix == ".conf" and path.parent.suffix == ".d")


def load(
    path: Path, shown: str, systemd: int = 0, folders: Sequence[Path] | None = None, name: str | None = None
) -> Loaded:
    """A unit file or a drop-in; a unit file's drop-ins are looked for beside it, or in the folders of a search path."""
    if path.suffix == ".conf":
        return _dropin(path, shown, systemd)
    name = name or path.name
    try:
        parse(name)
    except ValueError as error:
        hint = f"name it after its kind, such as `{path.stem or 'web'}.service`"
        return _trouble(shown, "bad-name", f"systemd reads no file of this name: {error}", hint)
    if dropins.DISK.is_mask(path):
        return _trouble(shown, "masked-unit", "the file is empty, which masks the unit: systemd does not start it")
    own = _read(path, name, shown, systemd)
    if own is None:
        return _unreadable(path, shown)
    found = _dropins(path, name, shown, systemd, folders)
    return Loaded(shown, dropins.merge(own.unit, [file.unit for file in found]), (own, *found))


def _dropins(path: Path, name: str, shown: str, systemd: int, folders: Sequence[Path] | None) -> list[Parsed]:
    names = [name] if folders is None or path.name == name else [name, path.name]
    if folders is not None:
        names += dropins.aliases(name, folders)
    files = dropins.ordered(names, [path.parent] if folders is None else folders)
    found = (_read(file, name, _beside(file, path, shown, folders), systemd, file.name) for file in files)
    return [parsed for parsed in found if parsed]


def _beside(file: Path, main: Path, shown: str, folders: Sequence[Path] | None) -> str:
    """The path of a drop-in as a person reads it."""
    if folders is not None:
        return str(file)
    return str(Path(shown).parent / file.relative_to(main.parent))


def _dropin(path: Path, shown: str, systemd: int) -> Loaded:
    """A drop-in by itself, for the unit or the units that its folder is named after."""
    name = path.parent.name.removesuffix(".d")
    # A folder may be for all units of a kind, or for all whose names start so.
    name = f"x.{name}" if name in KINDS else re.sub(r"-\.(?=[a-z]+$)", "-x.", name)
    if path.parent.suffix != ".d" or not is_name(name):
        hint = "put it into a folder such as `nginx.service.d/`"
        return _trouble(shown, "bad-name", "systemd reads no drop-in of this name", hint)
    own = _read(path, name, shown, systemd, path.name)
    return Loaded(shown, own.unit, (own,)) if own else _unreadable(path, shown)


def _read(path: Path, name: str, shown: str, systemd: int, dropin: str | None = None) -> Parsed | None:
    try:
        return text.parse(path.read_bytes(), name, shown, dropin, systemd)
    except OSError:
        return None


def _unreadable(path: Path, shown: str) -> Loaded:
    try:
        path.read_bytes()
        why = "it changed while it was read"
    except OSError as error:
        why = error.strerror or str(error)
    return _trouble(shown, "unreadable-file", f"cannot be read: {why}")


def _trouble(shown: str, code: str, message: str, hint: str | None = None) -> Loaded:
    return Loaded(shown, None, (), (Diagnostic(code, message, hint, Origin(shown)),))


def scoped(loaded: Loaded, scope: str) -> Loaded:
    """The same for a scope's manager."""
    return loaded._replace(unit=evolve(loaded.unit, scope=scope)) if loaded.unit else loaded
