"""`mkunit security`: how exposed each service is, by systemd-analyze, with its hardening profile and without."""

import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from attrs import evolve

from mkunit import renderer
from mkunit.cli import project
from mkunit.cli.ui import Ui
from mkunit.dsl import rare
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic, NoSuchUnitError, near
from mkunit.model.graph import Graph
from mkunit.model.unit import Entry, Unit, UnitFile
from mkunit.pipeline.project import loaded, units_files
from mkunit.settings import Settings
from mkunit.system import analyze
from mkunit.system.analyze import Setting

USAGE = "mkunit security [NAME…] [options]"
# Below each number, systemd's own word.
_SCALE = ((0.1, "perfect"), (1.0, "safe"), (5.0, "ok"), (7.5, "medium"), (9.0, "exposed"), (10.0, "unsafe"))


class Rated(NamedTuple):
    """A service: its profile, its exposure without and with it, what is missing, and what each profile would bring."""

    name: str
    scope: str
    profile: str | None
    before: float
    after: float
    missing: tuple[Setting, ...] = ()
    profiles: tuple[tuple[str, float], ...] = ()


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Rate the project's services from 0 (nothing to fear) to 10, before and after their hardening profiles.\n"
        "The rating is that of this machine's systemd-analyze; with a name it says what each missing setting adds."
    )
    parser.epilog = "examples:\n  mkunit security\n  mkunit security shop-web\n  mkunit security --threshold 5"
    parser.add_argument("names", nargs="*", metavar="NAME", help="services of the project (default: all)")
    parser.add_argument("--threshold", type=exposure, metavar="N", help="fail if a service is more exposed than this")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value for `param(NAME)`")
    parser.add_argument("--host", metavar="HOST", help="for one host of [tool.mkunit.hosts]")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="as for `mkunit build`")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="as for `mkunit build`")


def exposure(text: str) -> float:
    """A rating on the command line."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 10:
        raise ArgumentTypeError(f"{text!r} is no rating: write a number from 0 to 10")
    return number


def run(given: Namespace, ui: Ui) -> int:
    settings = project.looked_at(given, ui)
    before, _ = _services(settings, given, are_left_out=True)
    after, applied = _services(settings, given, are_left_out=False)
    chosen = _chosen(after, given.names)
    bare = {(unit.scope, unit.name): unit for unit in before}
    rated = _rate([(bare[unit.scope, unit.name], unit) for unit in chosen], applied)
    if given.names or ui.json:
        rated = [_detailed(one, unit, bare[unit.scope, unit.name]) for one, unit in zip(rated, chosen, strict=True)]
    _show(rated, ui, details=bool(given.names))
    worst = [one for one in rated if given.threshold is not None and one.after > given.threshold]
    for one in worst:
        hint = f"`mkunit security {one.name}` shows what each setting would bring"
        message = f"`{one.name}` is rated {one.after}, above {given.threshold:g}"
        ui.diagnostics([Diagnostic("exposed", message, hint, unit=one.name)])
    return 1 if worst else 0


def _services(settings: Settings, given: Namespace, *, are_left_out: bool) -> tuple[list[Unit], dict[str, str]]:
    """The project's services, with their profiles or without, and which profile each has."""
    watch = rare.Profiles({}, are_left_out)
    token = rare.watched.set(watch)
    try:
        load = loaded(settings, units_files(settings, []), project.parameters(given), given.host)
    finally:
        rare.watched.reset(token)
    units = settle(load.units, settings.scope)
    return [unit for unit in units if unit.kind == "service" and not unit.dropin and not unit.is_masked], watch.applied


def _chosen(units: Sequence[Unit], names: Sequence[str]) -> list[Unit]:
    """The services of those names; NoSuchUnitError for one that the project has not."""
    if not names:
        return list(units)
    known = dict.fromkeys(unit.name for unit in units)
    found: list[Unit] = []
    for name in names:
        full = name if name.endswith(".service") else f"{name}.service"
        if full not in known:
            meant = near(full, known)
            hint = f"did you mean `{meant}`?" if meant else f"there are {', '.join(known) or 'none'}"
            raise NoSuchUnitError(Diagnostic("no-such-unit", f"the project has no service `{full}`", hint))
        found += [unit for unit in units if unit.name == full]
    return found


def _files(units: Iterable[Unit]) -> list[UnitFile]:
    """The files of single units, each in a graph of its own so that they keep their order."""
    return [file for unit in units for file in renderer.render(Graph.of([unit]), None)]


def _ratings(units: Sequence[Unit]) -> list[float]:
    """The exposures of services; systemd-analyze takes many files at once, but each name only once."""
    found: dict[int, float] = {}
    left = list(enumerate(_files(units)))
    with tempfile.TemporaryDirectory(prefix="mkunit-") as folder:
        while left:
            batch = {file.name: number for number, file in reversed(left)}
            chosen = [(number, file) for number, file in left if batch[file.name] == number]
            paths = [_write(Path(folder, str(number)), file) for number, file in chosen]
            found |= dict(zip((number for number, _ in chosen), analyze.overall(paths, "system"), strict=True))
            left = [one for one in left if one[0] not in found]
    return [found[number] for number in sorted(found)]


def _write(folder: Path, file: UnitFile) -> Path:
    folder.mkdir()
    place = folder / file.name
    place.write_text(file.text, encoding="utf-8")
    return place


def _rate(pairs: Sequence[tuple[Unit, Unit]], applied: dict[str, str]) -> list[Rated]:
    ratings = iter(_ratings([unit for pair in pairs for unit in pair]))
    return [
        Rated(unit.name, unit.scope or "system", applied.get(unit.name), next(ratings), next(ratings))
        for _, unit in pairs
    ]


def _detailed(one: Rated, unit: Unit, bare: Unit) -> Rated:
    """The same with the settings that are missing, and what the profiles would make of it."""
    with tempfile.TemporaryDirectory(prefix="mkunit-") as folder:
        (file,) = _files([unit])
        settings = analyze.security(_write(Path(folder, "0"), file), "system")
    others = dict(_with_profiles(bare))
    profiles = zip(others, _ratings(list(others.values())), strict=True)
    missing = tuple(setting for setting in settings if not setting.is_set and setting.exposure)
    return one._replace(missing=missing, profiles=tuple(profiles))


def _with_profiles(unit: Unit) -> Iterator[tuple[str, Unit]]:
    """The service with each profile added; its own lines win, since they come last."""
    for profile, lines in rare.profiles().items():
        extra = tuple(Entry("Service", name, value) for name, value in lines if not any(unit.all(name)))
        yield profile, evolve(unit, entries=unit.entries + extra)


def word(rating: float) -> str:
    """systemd's word for a rating."""
    return next((name for limit, name in _SCALE if rating < limit), "dangerous")


def _show(rated: Sequence[Rated], ui: Ui, *, details: bool) -> None:
    if ui.json:
        ui.document({"services": [_document(one) for one in rated]})
        return
    width = max((len(one.name) for one in rated), default=0)
    for one in rated:
        way = f"{one.before:4} → {one.after:4}" if one.profile else f"{'':7}{one.after:4}"
        ui.data(f"{one.name:<{width}}  {way}  {word(one.after):<8} {one.profile or '-'}\n")
        if details:
            _details(one, ui)


def _details(one: Rated, ui: Ui) -> None:
    for setting in one.missing:
        ui.data(f"  {setting.exposure:+.1f}  {setting.name:<44} {setting.description}\n")
    for profile, rating in one.profiles:
        if profile != one.profile:
            ui.data(f'  {rating:4}  with hardening="{profile}"\n')


def _document(one: Rated) -> dict[str, object]:
    row: dict[str, object] = dict(one._asdict())
    missing = [{"name": s.name, "description": s.description, "exposure": s.exposure} for s in one.missing]
    return row | {"missing": missing, "profiles": dict(one.profiles), "verdict": word(one.after)}
