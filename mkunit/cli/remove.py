"""`mkunit remove`: units of mkunit's, with their drop-ins and links; what runs is stopped by its old definition."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence

from mkunit.cli import allowing, apply, leaving, site
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, RefusedError, UsageError, near
from mkunit.pipeline import deploy
from mkunit.pipeline.deploy import Site
from mkunit.planner import Leave, Options
from mkunit.system.place import ONE_OFFS

_STARTERS = ("socket", "timer", "path", "automount")
USAGE = "mkunit remove NAME… [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Remove units that mkunit has installed, with their drop-ins and the links that enable them."
    parser.epilog = "examples:\n  mkunit remove myapp.socket --system\n  mkunit remove myapp.socket myapp.service --yes"
    parser.add_argument("names", nargs="+", metavar="NAME", help="units, with or without their suffixes")
    site.scope_arguments(parser)
    site.run_arguments(parser)
    allowing.argument(parser)
    parser.add_argument("--overwrite-drift", action="store_true", help="remove files that others have changed, too")
    parser.add_argument(
        "--force", action="store_true", help="even units of a project, which its next apply brings back"
    )


def run(given: Namespace, ui: Ui) -> int:
    how = site.manner(given, ui)
    found: dict[Site, list[str]] = {}
    for name in given.names:
        at, unit = _find(given, name)
        found.setdefault(at, []).append(unit)
    with site.locked(list(found), given, ui, how):
        todo = []
        for at, units in found.items():
            pieces = deploy.without(at.records.current(), units)
            wanted = deploy.numbered(at, pieces, f"remove {' '.join(units)}")
            leave = Leave(overwrite_drift=given.overwrite_drift, only=frozenset(units))
            options = Options(leave, allow=allowing.allowed(given), leaves=leaving.possible())
            todo.append((at, deploy.settled(at, wanted, options, given.busy)))
        code = apply.execute(todo, given, ui)
        if code == 0:
            _mention(found, ui)
    return leaving.go([plan for _, plan in todo], ui) if code is None else code


def _mention(found: Mapping[Site, Sequence[str]], ui: Ui) -> None:
    """Say what stays though nothing starts it any more: the service of a socket, the mount of an automount."""
    for at, units in found.items():
        kept = {piece.unit for piece in at.records.current().pieces}
        for unit in units:
            stem, _, kind = unit.rpartition(".")
            started = {"automount": [f"{stem}.mount"]}.get(kind, [f"{stem}.service", f"{stem}@.service"])
            for name in kept.intersection(started if kind in _STARTERS else ()):
                ui.say(f"`{name}` stays, which `{unit}` started: `mkunit remove {name}` if it is to go, too")


def _find(given: Namespace, name: str) -> tuple[Site, str]:
    """The unit that is meant, and whose it is."""
    sites = [Site(one, live) for live in site.lives(given)
             for one in Site("", live).place.projects()]  # fmt: skip
    owned = [(at, piece.unit) for at in sites for piece in at.records.current().pieces]
    found = dict.fromkeys((at, unit) for at, unit in owned if name in (unit, unit.rpartition(".")[0]))
    those = [(at, unit) for at, unit in found if unit == name] or list(found)
    if len({(at.live, unit) for at, unit in those}) > 1:
        names = ", ".join(f"`{unit}` ({at.live.scope})" for at, unit in found)
        raise UsageError(
            Diagnostic("ambiguous", f"`{name}` may be {names}", "write the suffix, and the scope if need be")
        )
    # Where an edit has added to a project's unit, the edit is what can be removed.
    for at, unit in sorted(those, key=lambda one: one[0].project != ONE_OFFS):
        _is_free(at, unit, given)
        return at, unit
    meant = near(name, (unit if "." in name else unit.rpartition(".")[0] for _, unit in owned))
    hint = f"did you mean `{meant}`?" if meant else "`mkunit list` shows what mkunit has installed"
    raise NoSuchUnitError(Diagnostic("no-such-unit", f"mkunit has installed no unit `{name}`", hint))


def _is_free(at: Site, unit: str, given: Namespace) -> None:
    if at.project != ONE_OFFS and not given.force:
        hint = "take it out of the units files and apply them; `--force` removes it until the next apply"
        raise RefusedError(Diagnostic("claimed", f"`{unit}` belongs to the project `{at.project}`", hint, unit=unit))
