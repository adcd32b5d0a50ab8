"""The unit that `mkunit explain` is to explain: an installed one, one of the project, or one of a file."""

from argparse import Namespace
from collections.abc import Sequence
from typing import NamedTuple

from attrs import evolve

from mkunit import parser
from mkunit.cli import installed, rights, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.dsl.install import settle
from mkunit.errors import MkunitError, NoSuchUnitError, SystemdError
from mkunit.model.graph import Graph
from mkunit.model.unit import MARK, Unit
from mkunit.parser.files import Loaded
from mkunit.pipeline import explained
from mkunit.pipeline.explained import Around, InGraph, OnMachine
from mkunit.pipeline.project import loaded, units_files
from mkunit.settings import find
from mkunit.system.local import Local

INSTALLED, PROJECT, FILE = "installed", "of the project", "a file"


class Subject(NamedTuple):
    """A unit to explain: its files, the units around it, and where it is."""

    unit: Unit
    files: tuple[str, ...]
    around: Around
    machine: Local
    place: str
    enabled: bool = True
    source: str = ""  # the units file that made it


def on_machine(name: str, given: Namespace, ui: Ui) -> Subject | None:
    """An installed unit, None where there is none, or no systemd."""
    try:
        found = installed.find(name, given.scope, ui)
    except (NoSuchUnitError, SystemdError):
        return None
    systemd = given.systemd or validate.installed() or validate.wanted(folder(given))
    one = parser.load(found.file, str(found.file), systemd, found.folders, found.name)
    if one.unit is None:
        raise MkunitError(*one.diagnostics)
    machine = found.machine
    unit = evolve(one.unit, scope=machine.scope)
    if machine.is_running() and "@." not in found.name:
        around: Around = OnMachine(machine, found.folders, systemd)
    else:
        around = InGraph(Graph.of([unit]), machine.scope)
    enabled, source = _is_enabled(machine, found.name), _made_from(one)
    return Subject(unit, tuple(one.lines), around, machine, INSTALLED, enabled, source)


def _made_from(one: Loaded) -> str:
    """The units file that the first line of a file of ours names."""
    first = next(iter(one.files[0].lines), "") if one.files else ""
    return first.removeprefix(f"{MARK} from ").strip() if first.startswith(f"{MARK} from ") else ""


def _is_enabled(machine: Local, name: str) -> bool:
    return not machine.is_running() or machine.properties(name, "UnitFileState").get("UnitFileState") != "disabled"


def of_project(name: str, given: Namespace, ui: Ui) -> tuple[Subject | None, Sequence[str]]:
    """A unit of the project in this folder, None where it has none of that name; and the names that it has."""
    try:
        settings = find(folder(given)).with_scope(given.scope)
        rights.lower(settings.units, ui)
        files = units_files(settings, []) if settings.units.is_dir() else []
        graph = Graph.of(settle(loaded(settings, files, {}).units, settings.scope)) if files else Graph(())
    except MkunitError:  # what is wrong with the project is no answer to what a name means
        ui.say("the units files here do not load, and were not looked at: `mkunit check` says why")
        return None, ()
    wanted = [(scope, full) for full in installed.names(name) for scope in ("system", "user")]
    at = next((one for one in wanted if one in graph.named), None)
    unit = explained.merged(graph, *at) if at else None
    if unit is None:
        return None, [full for _, full in graph.named]
    scope, origin = unit.scope or "system", str(unit.origin) if unit.origin else ""
    around = InGraph(graph, scope)
    return Subject(unit, (origin,) if origin else (), around, Local(scope), PROJECT, source=unit.source or ""), ()


def of_file(one: Loaded, scope: str) -> Subject | None:
    """A unit file by itself, with its drop-ins beside it; None for what is none."""
    if one.unit is None or one.unit.dropin:
        return None
    unit = evolve(one.unit, scope=scope)
    return Subject(unit, tuple(one.lines), InGraph(Graph.of([unit]), scope), Local(scope), FILE)
