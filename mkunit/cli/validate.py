"""`mkunit validate`: unit files that mkunit did not write, judged line by line and as wholes, drop-ins included."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mkunit import catalog, parser
from mkunit.checker import sockets, whole
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui, diagnostic
from mkunit.errors import Diagnostic, NoSuchUnitError, Origin, Severity, near
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit
from mkunit.parser.files import Loaded, scoped
from mkunit.reporter.clean import clean
from mkunit.settings import find
from mkunit.system.local import Local

# systemd's own library has the version in its name: no process is needed to ask for it.
USAGE = "mkunit validate FILE|NAME… [options]"
_LIBRARIES = ("usr/lib*/systemd", "usr/lib/*/systemd", "lib/systemd")
_SYSTEMDS = (whole.incomplete, whole.contradictions, sockets.no_listener, sockets.accept, sockets.pairing)

Rules = Callable[[Graph, Target], tuple[Diagnostic, ...]]


class Report(NamedTuple):
    """A file, and all that is wrong with it."""

    loaded: Loaded
    found: tuple[Diagnostic, ...]

    def count(self, severity: Severity) -> int:
        return sum(one.severity is severity for one in self.found)

    def fails(self, strict: bool) -> bool:
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))


USAGE = "mkunit validate FILE|NAME… [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Check unit files as systemd would read them, and say what it would refuse, ignore or lose."
    parser.epilog = "examples:\n  mkunit validate ./web.service\n  mkunit validate --strict nginx ssh.socket"
    what = "unit files, drop-ins, folders of them, or names of units that are installed"
    parser.add_argument("names", nargs="+", metavar="FILE|NAME", help=what)
    parser.add_argument("--strict", action="store_true", help="take warnings for errors")
    parser.add_argument("--systemd", type=version, metavar="VERSION", help="the systemd that is to read them")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="for the system (default)")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="for the user's systemd")


def run(given: Namespace, ui: Ui) -> int:
    place, scope = folder(given), given.scope or "system"
    systemd = given.systemd or wanted(place)
    loaded = [one for name in given.names for one in load(name, place, scope, systemd)]
    if not loaded:
        message, hint = "there is no unit file in what is named", "name unit files, or a folder of them"
        raise NoSuchUnitError(Diagnostic("no-such-unit", message, hint))
    reports = examine(loaded, systemd, scope)
    if ui.json:
        ui.document([diagnostic(one) for report in reports for one in report.found])
    for report in reports:
        show(report, ui, systemd)
    return 1 if any(report.fails(given.strict) for report in reports) else 0


def version(text: str) -> int:
    """A version of systemd on the command line."""
    if not text.isascii() or not text.isdecimal() or int(text) < catalog.OLDEST:
        raise ArgumentTypeError(f"{text!r} is no version of systemd that mkunit knows: write {catalog.OLDEST} or newer")
    return int(text)


def wanted(place: Path) -> int:
    """The systemd that is meant where none is named: the project's, else the installed one, else the oldest."""
    settings = find(place)
    return settings.systemd if settings.units.is_dir() else installed() or catalog.OLDEST


def installed(root: Path = Path("/")) -> int | None:
    """The version of this machine's systemd, None where there is none."""
    files = (file.name for pattern in _LIBRARIES for file in root.glob(f"{pattern}/libsystemd-shared-*.so"))
    return max((int(found[1]) for file in files if (found := re.search(r"-(\d+)", file))), default=None)


def load(name: str, place: Path, scope: str, systemd: int) -> list[Loaded]:
    """The unit files that an argument means; NoSuchUnitError where there is none."""
    path = place / name
    if path.is_dir() and ("/" in name or name in (".", "..") or not parser.is_unit_file(path)):
        files = [(file, str(Path(name) / file.relative_to(path))) for file in _inside(path)]
        return [scoped(parser.load(file, shown, systemd), scope) for file, shown in files]
    is_there = path.exists() or path.is_symlink()
    if "/" in name or is_there:
        if not is_there:
            raise NoSuchUnitError(Diagnostic("no-such-unit", "there is no such file", None, Origin(name)))
        return [scoped(parser.load(path, name, systemd), scope)]
    return [scoped(_installed(name, scope, systemd), scope)]


def _inside(path: Path) -> list[Path]:
    """The unit files of a folder, and the drop-ins there whose units lie elsewhere."""
    files = sorted(file for file in path.iterdir() if parser.is_unit_file(file) and not file.is_dir())
    own = {file.name for file in files}
    apart = (at for at in sorted(path.glob("*.d")) if at.name.removesuffix(".d") not in own)
    return files + [file for at in apart for file in sorted(at.glob("*.conf"))]


def _installed(name: str, scope: str, systemd: int) -> Loaded:
    full = name if name.rpartition(".")[2] in catalog.kinds() else f"{name}.service"
    folders = list(dict.fromkeys(Local(scope).search_path()))
    file = parser.find(full, folders)
    if file is None:
        stem, _, kind = full.rpartition(".")
        known = (file.stem for at in folders for file in at.glob(f"*.{kind}"))
        meant = near(stem, known)
        where = "in the user's unit folders" if scope == "user" else "in the system's unit folders"
        hint = f"did you mean `{meant}.{kind}`?" if meant else "name a file by a path such as `./web.service`"
        raise NoSuchUnitError(Diagnostic("no-such-unit", f"there is no unit `{full}` {where}", hint))
    return parser.load(file, str(file), systemd, folders, full)


def verdict(graph: Graph, target: Target) -> tuple[Diagnostic, ...]:
    """What systemd itself finds wrong with whole units, and nothing that is only unwise."""
    return tuple(dict.fromkeys(found for rule in _SYSTEMDS for found in rule(graph, target)))


def examine(loaded: Sequence[Loaded], systemd: int, scope: str, rules: Rules = verdict) -> list[Report]:
    """What is wrong with each file: its syntax, its lines, and the unit as a whole beside those of its folder."""
    judged = {}
    for one in loaded:
        judged[one.path] = parser.judge(one.unit, systemd, scope) if one.unit else ()
    alive = [one for one in loaded if not _refused(one, judged[one.path])]
    beside = _whole(alive, judged, lambda graph: rules(graph, Target(systemd)))
    reports = []
    for one in loaded:
        lines = [found for line in judged[one.path] for found in line.found]
        own = [
            found for found in beside.get(str(Path(one.path).parent), ()) if one.unit and found.unit == one.unit.name
        ]
        reports.append(Report(one, tuple(dict.fromkeys(_sorted(one, [*one.diagnostics, *lines, *own])))))
    return reports


def _refused(one: Loaded, judged: Iterable[parser.Judged]) -> bool:
    """Whether systemd never comes to look at the unit as a whole."""
    own = one.unit and one.unit.origin and one.unit.origin.path
    fatal = (line.entry.origin for line in judged if line.effect is parser.Effect.FATAL)
    return one.unit is None or one.is_broken or any(origin and origin.path == own for origin in fatal)


def _whole(
    loaded: Sequence[Loaded],
    judged: Mapping[str, tuple[parser.Judged, ...]],
    rules: Callable[[Graph], tuple[Diagnostic, ...]],
) -> dict[str, tuple[Diagnostic, ...]]:
    """What the rules on whole units find, by folder: only the units of one folder run beside each other."""
    folders: dict[str, dict[str, Unit]] = {}
    for one in loaded:
        if one.unit:
            unit = parser.read(one.unit, judged[one.path])
            folders.setdefault(str(Path(one.path).parent), {}).setdefault(unit.path, unit)
    return {path: rules(Graph.of(units.values())) for path, units in folders.items()}


def _sorted(one: Loaded, found: list[Diagnostic]) -> list[Diagnostic]:
    """In the order of the files and of their lines; what is said of a whole file comes last."""
    order = {path: i for i, path in enumerate([one.path, *one.lines])}

    def key(one: Diagnostic) -> tuple[int, bool, int]:
        path, line = one.origin or ("", 0)
        return order.get(path, len(order)), not line, line

    return sorted(found, key=key)


def show(report: Report, ui: Ui, systemd: int) -> None:
    """Findings and a verdict, on standard error."""
    found = [clean(one) for one in report.found]
    if not ui.json and ui.rich and found:
        from mkunit.reporter import excerpt  # rich is slow to import, and only a terminal needs it

        excerpt.findings(found, report.loaded.lines, ui.color)
    elif not ui.json:
        ui.diagnostics(found)
    counts = [(report.count(Severity.ERROR), "error"), (report.count(Severity.WARNING), "warning")]
    parts = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    verdict = ", ".join(parts) or f"right for systemd {systemd}"
    ui.say(f"{clean(Diagnostic('', report.loaded.path)).message}: {verdict}")
