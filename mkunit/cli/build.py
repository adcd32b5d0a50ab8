"""`mkunit build`: load, check and render the project's units into the build folder."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mkunit.cli import project
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, OutOfDateError
from mkunit.pipeline.project import build_project
from mkunit.reporter import plain
from mkunit.settings import called
from mkunit.system import output
from mkunit.system.output import Change

USAGE = "mkunit build [PATH…] [options]"
KINDS = ("new", "changed", "unchanged", "removed")


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Load the units files, check them, and render them into build/<scope>/."
    parser.epilog = "example:\n  mkunit build --set port=9090"
    project.arguments(parser)
    parser.add_argument("--output", metavar="DIR", help="the folder to build into (default: the project's, `build`)")
    parser.add_argument("--check", action="store_true", help="write nothing; show what is out of date, and exit with 6")


def run(given: Namespace, ui: Ui) -> int:
    settings = project.looked_at(given, ui)
    target = folder(given) / given.output if given.output else settings.output
    with ui.progress("loading units files") as tick:
        builds, stale = build_project(
            settings, project.paths(given), project.parameters(given), given.host, given.all_hosts, tick
        )
    ui.diagnostics(dict.fromkeys(d for built in builds for d in built.warnings))
    # A folder elsewhere may be shared: there each project answers for its own files only.
    place = target.resolve()
    owner = None if settings.root in (place, *place.parents) else called(settings)
    changes = output.compare(target, [file for built in builds for file in built.files], stale, owner)
    if not given.check:
        output.write(target, changes, owner)
    _report(changes, target, settings.root, given.host, ui, check=given.check)
    waiting = [change for change in changes if change.kind != "unchanged"]
    if given.check and waiting:
        message = f"{len(waiting)} of {len(changes)} files are out of date"
        ui.diagnostics([Diagnostic("out-of-date", message, "run `mkunit build`")])
        return OutOfDateError.exit_code
    return 0


def _report(changes: Sequence[Change], target: Path, root: Path, host: str | None, ui: Ui, *, check: bool) -> None:
    if ui.json:
        ui.document({"units": [_row(change, root, host) for change in changes]})
    elif check:
        for change in changes:
            if change.kind != "unchanged":
                ui.diff(_shown(change.place, root), change.before, change.after, to_stdout=True)
    if ui.quiet or check:
        return
    counted = Counter(change.kind for change in changes)
    counts = {kind: counted[kind] for kind in KINDS}
    if ui.rich:
        from mkunit.reporter import paint  # rich is slow to import, and only a terminal needs it

        rows = [
            (change.kind, _shown(change.place, root), change.source or "", change.scope)
            for change in changes
            if ui.verbose or change.kind != "unchanged"
        ]
        paint.summary(rows, counts, _shown(target, root), ui.color)
        return
    for change in changes:
        if ui.verbose or change.kind != "unchanged":
            ui.say(f"{change.kind:<9} {_shown(change.place, root)}")
    ui.say(plain.summary(counts, _shown(target, root)))


def _shown(place: Path, root: Path) -> str:
    return str(place.relative_to(root)) if root in place.parents else str(place)


def _row(change: Change, root: Path, host: str | None) -> dict[str, object]:
    return {
        "name": change.name,
        "scope": change.scope,
        "host": change.host or host,
        "path": _shown(change.place, root),
        "source": change.source,
        "change": change.kind,
    }
