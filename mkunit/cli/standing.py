"""How units stand, for `mkunit list` and `mkunit status`: which are meant, and the table of them."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from mkunit.cli import installed, site, tables
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, near
from mkunit.pipeline import survey
from mkunit.pipeline.deploy import Site
from mkunit.pipeline.survey import Standing
from mkunit.reporter import times
from mkunit.reporter.fitting import Column
from mkunit.system import pager

# What gives way first where the terminal is narrow.
_ORDER = ("next run", "kind", "state", "pending", "drift", "project", "enabled")
Cell = Callable[[Standing], str]
_STYLES = {
    "failed": "bold red", "auto-restart": "bold red", "error": "bold red", "bad-setting": "bold red",
    "active": "green", "activating": "yellow", "deactivating": "yellow", "reloading": "yellow",
    "disabled": "dim", "inactive": "dim", "masked": "red", "partly": "yellow",
}  # fmt: skip


def arguments(parser: ArgumentParser) -> None:
    """The units that are meant."""
    what = "some units only, with or without their suffixes; patterns such as 'web*' too"
    parser.add_argument("names", nargs="*", metavar="NAME", help=what)
    site.scope_arguments(parser, looks=True)


def sites(given: Namespace) -> Iterator[Site]:
    """Every project of the scopes that are meant."""
    for live in site.lives(given):
        yield from (Site(name, live) for name in Site("", live).place.projects())


def rows(given: Namespace, *, all_units: bool = False) -> list[Standing]:
    """The units of all projects, and with `all_units` those of others; by scope and name."""
    found: list[Standing] = []
    for live in site.lives(given):
        projects = Site("", live).place.projects()
        if not (projects or all_units):
            continue
        now = survey.scene(live)
        ours = [row for name in projects for row in survey.standings(Site(name, live), now)]
        if all_units and not live.root:
            folders = list(installed.folders_of(live.local))
            ours += survey.others(now, folders, frozenset(row.unit for row in ours))
        found += sorted(ours, key=lambda row: row.unit)
    return found


def is_pattern(name: str) -> bool:
    """Whether a name stands for several."""
    return any(letter in name for letter in "*?[")


def is_meant(row: Standing, names: Iterable[str]) -> bool:
    """Whether a unit goes by one of the names."""
    stem = row.unit.rpartition(".")[0]
    return any(
        fnmatchcase(row.unit, n) or fnmatchcase(stem, n) if is_pattern(n) else n in (row.unit, stem) for n in names
    )


def missing(names: Iterable[str], found: Sequence[Standing]) -> list[str]:
    """The names that are no unit's; that a pattern has none is no mistake."""
    return [name for name in names if not is_pattern(name) and not any(is_meant(row, [name]) for row in found)]


def no_such(names: Iterable[str], found: Sequence[Standing], hint: str) -> NoSuchUnitError:
    """Names that no unit has, each with the one that was probably meant."""
    known = [name for row in found for name in (row.unit, row.unit.rpartition(".")[0])]

    def one(name: str) -> Diagnostic:
        meant = near(name, known)
        return Diagnostic(
            "no-such-unit", f"mkunit has installed no unit `{name}`", f"did you mean `{meant}`?" if meant else hint
        )

    return NoSuchUnitError(*map(one, names))


def document(row: Standing) -> dict[str, object]:
    """A unit as JSON has it."""
    return {**row.document, "next": times.iso(row.next), "last": times.iso(row.last)}


def show(found: Sequence[Standing], now: float, ui: Ui, leave_out: Sequence[str] = ()) -> None:
    """The table: as wide as a terminal; every column, with `-` for what is empty, in a pipe."""
    columns = [one for one in _columns(found, now) if one.heading not in leave_out]
    if not (ui.rich and sys.stdout.isatty()):
        cells = [
            [cell or "-" for cell in row] for row in zip(*(one.cells for one in _bare(columns, found)), strict=True)
        ]
        tables.show([one.heading.replace(" ", "_") for one in columns], cells, ui)
        return
    from mkunit.reporter import grid  # rich is slow to import, and only a terminal needs it

    said = [one for one in columns if one.heading not in _same(found)]
    text, is_long = grid.table(said, _ORDER, ui.color, sys.stdout)
    if is_long and ui.interactive:
        pager.show(text, sys.stdout)
    else:
        ui.data(text)


def _columns(found: Sequence[Standing], now: float) -> list[Column]:
    def column(heading: str, cell: Cell, short: Cell | None = None, *, droppable: bool = False) -> Column:
        styles = tuple(_style(heading, row) for row in found)
        shorter = tuple(map(short, found)) if short else None
        return Column(heading, tuple(map(cell, found)), shorter, droppable, styles)

    return [
        column("unit", lambda row: row.unit),
        column("kind", lambda row: row.kind, droppable=True),
        column("scope", lambda row: row.scope),
        # Where there are units of others, it tells whose each is.
        column("project", lambda row: row.project or "-", droppable=all(row.owned for row in found)),
        column("state", lambda row: row.said, lambda row: row.state),
        column("enabled", lambda row: row.enabled, droppable=True),
        column("drift", lambda row: row.drift, lambda row: row.drift.partition(":")[0]),
        column("pending", lambda row: row.pending, lambda row: "waits" if row.pending else ""),
        column("next run", lambda row: _next(row, now), lambda row: _ahead(row, now)),
    ]  # fmt: skip


def _bare(columns: Sequence[Column], found: Sequence[Standing]) -> list[Column]:
    """For programs: times in full."""
    exact = tuple(times.iso(row.next) or "" for row in found)
    return [one._replace(cells=exact) if one.heading == "next run" else one for one in columns]


def _same(found: Sequence[Standing]) -> list[str]:
    """Columns that say the same of each unit."""
    scopes, projects = {row.scope for row in found}, {row.project for row in found}
    return [name for name, seen in (("scope", scopes), ("project", projects)) if len(seen) == 1]


def _next(row: Standing, now: float) -> str:
    return f"{times.stamp(row.next, now)}, {_ahead(row, now)}" if row.next else ""


def _ahead(row: Standing, now: float) -> str:
    return times.far(row.next - now) if row.next else ""


def _style(heading: str, row: Standing) -> str:
    if not row.owned and not row.has_failed:
        return "dim"
    words = {"state": row.state if row.has_failed else row.active.partition(" ")[0], "enabled": row.enabled}
    if heading in ("drift", "pending"):
        return "yellow"
    return "bold red" if heading == "unit" and row.has_failed else _STYLES.get(words.get(heading, ""), "")
