"""`mkunit status` and `mkunit list`: what mkunit has installed, how it is, and what is not as it was applied."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from mkunit.cli import site, tables
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, Severity
from mkunit.pipeline import survey
from mkunit.pipeline.deploy import Site
from mkunit.pipeline.survey import Standing
from mkunit.system.live import Live

USAGE = "mkunit status [NAME…] [options]"
_COLUMNS = {
    "list": ("unit", "scope", "project", "active", "enabled"),
    "status": ("unit", "scope", "active", "enabled", "files", "pending"),
}


def arguments(parser: ArgumentParser, name: str) -> None:
    what = "What mkunit has installed" + (
        ": how it runs, who changed its files, what waits for a restart." * (name == "status")
    )
    parser.description = what if name == "status" else f"{what}."
    parser.epilog = f"examples:\n  mkunit {name}\n  mkunit {name} api --json"
    parser.add_argument("names", nargs="*", metavar="NAME", help="some units only, with or without their suffixes")
    site.scope_arguments(parser)


def run(given: Namespace, ui: Ui) -> int:
    site.interrupted(list(_sites(given)), ui)
    rows = [row for one in _sites(given) for row in survey.standings(one) if _is_meant(row, given.names)]
    missing = [name for name in given.names if not any(_is_meant(row, [name]) for row in rows)]
    if missing:
        hint = "`mkunit list` shows what mkunit has installed"
        raise NoSuchUnitError(
            *(Diagnostic("no-such-unit", f"mkunit has installed no unit `{n}`", hint) for n in missing)
        )
    if ui.json:
        ui.document({"units": [row._asdict() for row in rows]})
    elif rows:
        columns = _COLUMNS[given.command]
        tables.show(columns, [[str(row._asdict()[name]) for name in columns] for row in rows], ui)
        if given.command == "status":
            ui.diagnostics(_findings(rows))
    else:
        ui.say("mkunit has installed nothing here")
    return 0


def _sites(given: Namespace) -> Iterator[Site]:
    for scope in [given.scope] if given.scope else site.SCOPES:
        live = Live(scope, site.root(given))
        yield from (Site(name, live) for name in Site("", live).place.projects())


def _is_meant(row: Standing, names: list[str]) -> bool:
    return not names or row.unit in names or row.unit.rpartition(".")[0] in names


def _findings(rows: list[Standing]) -> Iterator[Diagnostic]:
    """What a person may want to do something about."""
    for row in rows:
        if row.files != "as applied":
            hint = "`mkunit plan` in its project shows what is different"
            yield Diagnostic("drift", f"`{row.unit}`: its files are not as applied: {row.files}", hint,
                             severity=Severity.WARNING, unit=row.unit)  # fmt: skip
        if row.pending:
            hint = f"`systemctl restart {row.unit}` at a time that suits you"
            yield Diagnostic("pending", f"`{row.unit}` still runs its old definition: {row.pending}", hint,
                             severity=Severity.WARNING, unit=row.unit)  # fmt: skip
