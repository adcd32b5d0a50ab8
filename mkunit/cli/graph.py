"""`mkunit graph`: units and their edges, as a tree, a drawing, or data."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from mkunit import parser as reader
from mkunit.cli import project, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic, UsageError
from mkunit.model.graph import Graph
from mkunit.model.unit import Unit
from mkunit.pipeline.project import loaded, units_files
from mkunit.renderer import drawings
from mkunit.renderer.graph import Picture, around, document, picture, tree
from mkunit.settings import Settings

USAGE = "mkunit graph [PATH…] [options]"
_EPILOG = """examples:
  mkunit graph
  mkunit graph web.socket
  mkunit graph --format svg > units.svg
  mkunit graph /etc/systemd/system/*.socket"""
FORMATS = ("tree", "dot", "mermaid", "svg", "json")


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Show what starts what, and in which order: of the project's units, or of the files in PATH. By a unit's name"
        " in place of a path, only that unit, what starts it, what it starts, and its neighbours."
    )
    parser.epilog = _EPILOG
    project.arguments(parser)
    parser.add_argument(
        "--format", choices=FORMATS, metavar="FORMAT", default="tree", help="tree (default), dot, mermaid, svg or json"
    )


def run(given: Namespace, ui: Ui) -> int:
    if given.all_hosts:
        raise UsageError(Diagnostic("usage", "a graph is of one host", "name it by `--host`"))
    names = _names(given)
    units = _units(given, ui, names)
    drawn = picture(Graph.of(units))
    if middle := {unit.name for unit in units if _is_meant(unit, names)}:
        drawn = around(drawn, middle)
    kind = "json" if ui.json else given.format
    if kind == "json":
        ui.document(document(drawn))
    elif kind == "tree":
        _tree(drawn, ui)
    else:
        ui.data(_drawing(kind, drawn))
    return 0


def _names(given: Namespace) -> list[str]:
    """The arguments that can only be names of units."""
    return [path for path in given.paths if "/" not in path and not (folder(given) / path).exists()]


def _is_meant(unit: Unit, names: Sequence[str]) -> bool:
    return any(name in (unit.name, unit.name.rpartition(".")[0]) for name in names)


def _units(given: Namespace, ui: Ui, names: Sequence[str]) -> Sequence[Unit]:
    """The units, scopes settled; rules are not asked, since what is wrong is to be seen, too."""
    settings = project.looked_at(given, ui)
    own = _project(given, ui, settings, []) if names and settings.units.is_dir() else ()
    mine = [name for name in names if any(_is_meant(unit, [name]) for unit in own)]
    # What the project has not may be installed.
    files = [path for path in given.paths if path not in mine and reader.is_unit_file(Path(path))]
    paths = [folder(given) / path for path in given.paths if path not in mine and path not in files]
    found: list[Unit] = [unit for path in files for unit in _file(path, given)]
    if mine:
        found += own
    if paths or not given.paths:
        found += _project(given, ui, settings, paths)
    return settle(found, settings.scope)


def _project(given: Namespace, ui: Ui, settings: Settings, paths: Sequence[Path]) -> Sequence[Unit]:
    with ui.progress("loading units files") as tick:
        files = units_files(settings, paths)
        return loaded(settings, files, project.parameters(given), given.host, tick).units


def _file(path: str, given: Namespace) -> Sequence[Unit]:
    place = folder(given)
    scope = given.scope or "system"
    return [one.unit for one in validate.load(path, place, scope, validate.wanted(place)) if one.unit]


def _tree(drawn: Picture, ui: Ui) -> None:
    if ui.rich and sys.stdout.isatty():
        from mkunit.reporter import tree as report  # rich is slow to import, and only a terminal needs it

        report.tree(tree(drawn), drawn.rings, ui.color)
    else:
        ui.data(drawings.text(drawn))


def _drawing(kind: str, drawn: Picture) -> str:
    if kind == "svg":
        from mkunit.renderer.svg import svg  # only where it is wanted

        return svg(drawn)
    return drawings.dot(drawn) if kind == "dot" else drawings.mermaid(drawn)
