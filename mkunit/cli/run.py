"""`mkunit run`: a socket-activated service, tried without root and without being installed."""

import shlex
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import NamedTuple

from mkunit import parser as reader
from mkunit.cli import installed, project, validate
from mkunit.cli.trial import Trial, trial
from mkunit.cli.ui import Ui
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic, NoSuchUnitError, UsageError, near
from mkunit.model.graph import Graph, triggered
from mkunit.model.unit import Unit
from mkunit.pipeline.project import loaded, units_files
from mkunit.reporter.clean import printable
from mkunit.system.local import Local
from mkunit.system.trying import attend

_SHOWN = 100  # characters of a command line
USAGE = "mkunit run NAME [options]"


class Pair(NamedTuple):
    """A socket and the service that it starts."""

    socket: Unit
    service: Unit


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Try a socket-activated service as you are: systemd-socket-activate listens, and starts it when somebody"
        " connects. Units come from the units files, else from what is installed. Ctrl-C ends it."
    )
    parser.epilog = "examples:\n  mkunit run web\n  mkunit run web --set port=9090\n  mkunit run --installed cups"
    parser.add_argument("name", metavar="NAME", help="the socket, or the service that it starts")
    parser.add_argument("--installed", action="store_true", help="what is installed, though the project has one, too")
    parser.add_argument("--dry-run", action="store_true", help="say what would be run")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value for `param(NAME)`")
    parser.add_argument("--host", metavar="HOST", help="for one host of [tool.mkunit.hosts]")
    installed.arguments(parser)


def run(given: Namespace, ui: Ui) -> int:
    pair = (None if given.installed else _of_project(given, ui)) or _of_machine(given, ui)
    # Not the usual temporary folder's name: the path of a Unix socket has 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="mkunit-") as folder:
        found = trial(pair.socket, pair.service, Path(folder))
        _say(pair, found, ui)
        document = {"socket": pair.socket.name, "service": pair.service.name, **_document(found)}
        if given.dry_run:
            if ui.json:
                ui.document(document)
            else:
                ui.data(shlex.join(found.command) + "\n")
            return 0
        code = attend(found.command, found.folder, to_stderr=ui.json)
    if ui.json:
        ui.document({**document, "ended": code})
    if code is None:
        ui.say("ended")
        return 0
    ui.say(
        f"{pair.service.name} ended with {code}" if code >= 0 else f"{pair.service.name} was ended by signal {-code}"
    )
    return 1 if code else 0


def _document(found: Trial) -> dict[str, object]:
    moved = [{"unit": was, "here": now} for was, now in found.addresses]
    return {"command": found.command, "folder": found.folder, "addresses": moved, "notes": found.notes}


def _say(pair: Pair, found: Trial, ui: Ui) -> None:
    for was, now in found.addresses:
        ui.say(f"{pair.socket.name} listens on {now}" + (f", instead of {was}" if was != now else ""))
    for note in found.notes:
        ui.say(f"note: {note}")
    line = printable(" ".join(found.program))
    shown = line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
    ui.say(f"{pair.service.name} runs {shown} when somebody connects; Ctrl-C ends it")


def _of_project(given: Namespace, ui: Ui) -> Pair | None:
    """The pair in the units files, None where the project has none of that name."""
    graph = _graph(given, ui)
    if graph is None:
        return None
    for (scope, name), unit in graph.named.items():
        service = triggered(unit) if unit.kind == "socket" and given.scope in (None, scope) else None
        if service and given.name in {full for one in (name, service[0]) for full in (one, one.rpartition(".")[0])}:
            if found := graph.get(scope, service[0]):
                return Pair(unit, _merged(graph, found))
            raise _no_service(unit, service[0])
    if any(given.name in (name, name.rpartition(".")[0]) for _, name in graph.named):
        message, hint = f"no socket starts `{given.name}`", "only what a socket starts can be tried"
        raise UsageError(Diagnostic("cannot-try", message, hint))
    return None


def _graph(given: Namespace, ui: Ui) -> Graph | None:
    """The project's units, None where there is no project."""
    given.all_hosts = False
    settings = project.settings(given)
    if not settings.units.is_dir():
        return None
    with ui.progress("loading units files") as tick:
        files = units_files(settings, ())
        units = loaded(settings, files, project.parameters(given), given.host, tick).units
    return Graph.of(settle(units, settings.scope))


def _merged(graph: Graph, unit: Unit) -> Unit:
    """With the project's own drop-ins for it."""
    dropins = [one for one in graph.units if one.dropin and one.name == unit.name and one.scope == unit.scope]
    return reader.merge(unit, sorted(dropins, key=lambda one: one.dropin or ""))


def _of_machine(given: Namespace, ui: Ui) -> Pair:
    stem = given.name.removesuffix(".socket").removesuffix(".service")
    try:
        found = installed.find(f"{stem}.socket", given.scope, ui)
    except NoSuchUnitError:
        raise _none(given) from None
    socket = _read(found)
    started = triggered(socket)
    if started is None:
        raise _none(given)
    try:
        return Pair(socket, _read(installed.find(started[0], found.machine.scope, ui)))
    except NoSuchUnitError:
        raise _no_service(socket, started[0]) from None


def _read(found: installed.Found) -> Unit:
    systemd = validate.installed() or validate.wanted(found.file.parent)
    unit = reader.load(found.file, str(found.file), systemd, found.folders, found.name).unit
    if unit is None:
        raise UsageError(
            Diagnostic("cannot-try", f"`{found.name}` cannot be read", f"`mkunit validate {found.name}` says why")
        )
    return unit


def _no_service(socket: Unit, name: str) -> NoSuchUnitError:
    hint = "write it beside the socket, or name another with `activates=`"
    return NoSuchUnitError(Diagnostic("no-such-unit", f"`{socket.name}` starts `{name}`, which there is not", hint))


def _none(given: Namespace) -> NoSuchUnitError:
    folders = installed.folders_of(Local(given.scope or "system"))
    known = [name for name in installed.known(folders) if name.endswith(".socket")]
    if (graph := _graph(given, Ui(quiet=True))) is not None:
        known += [name for _, name in graph.named if name.endswith(".socket")]
    meant = near(given.name, known if "." in given.name else (name.removesuffix(".socket") for name in known))
    hint = f"did you mean `{meant}`?" if meant else "name one of the project, or one that is installed"
    return NoSuchUnitError(Diagnostic("no-such-unit", f"there is no socket `{given.name}`", hint, unit=given.name))
