"""What `mkunit check` finds: in the units of a project, and in unit files that mkunit did not write."""

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from attrs import evolve

from mkunit import parser as reader
from mkunit.cli import project, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, MkunitError, NoSuchUnitError, Origin, SettingsError, Severity, UsageError
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit
from mkunit.parser.files import Loaded
from mkunit.pipeline.inspection import Gather, inspect, judged
from mkunit.pipeline.project import units_files
from mkunit.settings import Settings

_OURS = (UsageError, SettingsError, NoSuchUnitError)  # not wrong units, but nothing to check


class Part(NamedTuple):
    """What was found, and the files that may say what of it to ignore."""

    found: Sequence[Diagnostic]
    sources: Sequence[str]


class Texts:
    """The texts of the files that findings name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read: dict[str, str | None] = {}
        self.places: dict[str, Path] = {}  # unit files, by the path that the user gave

    def place(self, path: str) -> Path:
        return self.places.get(path) or self.root / path

    def text(self, path: str) -> str | None:
        if path not in self.read:
            try:
                self.read[path] = self.place(path).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                self.read[path] = None
        return self.read[path]

    @property
    def lines(self) -> Mapping[str, Sequence[str]]:
        """The lines of those that were looked at."""
        return {path: text.splitlines() for path, text in self.read.items() if text is not None}


def units(settings: Settings, given: Namespace, version: int, ui: Ui) -> Part:
    """The findings in a project's units, for each host that is meant; no error of the units' own ends it."""
    if version:
        hosts = {name: evolve(host, systemd=None) for name, host in settings.hosts.items()}
        settings = evolve(settings, systemd=version, hosts=hosts)
    paths = units_files(settings, project.paths(given))
    found: dict[Diagnostic, None] = {}
    sources = [_label(path, settings.root) for path in paths]
    with ui.progress("checking units files") as tick:
        for host in _hosts(settings, given):
            try:
                seen = inspect(settings, paths, project.parameters(given), host, _gather(given), tick)
            except _OURS:
                raise
            except MkunitError as error:
                found |= dict.fromkeys(error.diagnostics)
                continue
            found |= dict.fromkeys(seen.found)
            if given.verify:
                from mkunit.cli import verifying  # only where systemd-analyze is asked

                found |= dict.fromkeys(verifying.units(seen.graph, list(found)))
    return Part(list(found), sources)


def _hosts(settings: Settings, given: Namespace) -> list[str | None]:
    return list(settings.hosts) if given.all_hosts else [given.host]


def _label(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if root in path.parents else str(path)


def _gather(given: Namespace) -> Gather | None:
    if not given.machine:
        return None
    from mkunit.system.facts import gather  # as above

    return gather


def files(names: Sequence[str], given: Namespace, version: int, texts: Texts) -> Part:
    """The findings in unit files; those of one folder run beside each other."""
    place, scope = folder(given), given.scope or "system"
    systemd = version or validate.wanted(place)
    # In a folder a mask is somebody's will; named by itself it can hardly be what was meant.
    loaded = [
        one
        for name in names
        for one in validate.load(name, place, scope, systemd)
        if not (place / name).is_dir() or all(trouble.code != "masked-unit" for trouble in one.troubles)
    ]
    for one in loaded:
        texts.places |= {path: place / path for path in (one.path, *one.lines)}
    found = {found: None for report in validate.examine(loaded, systemd, scope) for found in report.found}
    found |= dict.fromkeys(one for name in names for one in _mode(place / name, name))
    for graph in _graphs(loaded, systemd, scope):
        found |= dict.fromkeys(judged(graph, Target(systemd), _gather(given)))
    if given.verify:
        from mkunit.cli import verifying  # as above

        found |= dict.fromkeys(verifying.files([place / name for name in names], scope, list(found), place))
    return Part(list(found), [path for one in loaded for path in (one.path, *one.lines)])


def _mode(path: Path, shown: str) -> Iterator[Diagnostic]:
    """What the mode of a unit file lets others do."""
    mode = path.stat().st_mode if path.is_file() else 0
    what = "may be written by everybody" if mode & 0o002 else "may be executed" if mode & 0o111 else ""
    if what:
        yield Diagnostic("file-mode", f"the file {what}", f"run `chmod 644 {shown}`", Origin(shown), Severity.WARNING)


def _graphs(loaded: Sequence[Loaded], systemd: int, scope: str) -> list[Graph]:
    """The units of each folder, only with the lines that hold."""
    folders: dict[str, dict[str, Unit]] = {}
    for one in loaded:
        if one.unit and not one.is_broken:
            unit = reader.read(one.unit, reader.judge(one.unit, systemd, scope))
            folders.setdefault(str(Path(one.path).parent), {}).setdefault(unit.path, unit)
    return [Graph.of(units.values()) for units in folders.values()]
