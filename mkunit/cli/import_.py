"""`mkunit import`: unit files, crontabs and Procfiles to a units file, which proves itself before it is shown."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from attrs import evolve

from mkunit import catalog, importer
from mkunit.cli import validate, writing
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, Origin, ParseError, Severity, UsageError
from mkunit.importer import Sheet
from mkunit.model.name import is_many, is_name
from mkunit.parser.files import Loaded

USAGE = "mkunit import FILE|NAME|DIR… [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Write unit files as Python. The Python is loaded and rendered, and what comes of it is compared\n"
        "with the original by what it means to systemd: what is not the same is refused."
    )
    parser.epilog = (
        "examples:\n  mkunit import nginx -o units/nginx.py\n  mkunit import /etc/systemd/system -o units/\n"
        "  mkunit import --cron /etc/crontab"
    )
    what = "unit files, drop-ins, folders of them, or names of units that are installed"
    parser.add_argument("names", nargs="*", metavar="FILE|NAME|DIR", help=what)
    parser.add_argument("--cron", action="append", default=[], metavar="FILE", help="a crontab; `-` is standard input")
    parser.add_argument("--procfile", action="append", default=[], metavar="FILE", help="a Procfile")
    parser.add_argument("--merge", action="store_true", help="one unit of each unit file and its drop-ins")
    parser.add_argument(
        "-o", "--output", metavar="PATH",
        help="where to write (default: standard output); a folder gets a file for each group of related units",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a file that differs, without asking")
    parser.add_argument(
        "--adopt", action="store_true", help="take over the installed files, as `mkunit apply --adopt` does; needs `-o`"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="with `--adopt`: do not ask")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="they are the system's")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="they are a user's")


def run(given: Namespace, ui: Ui) -> int:
    sheets = [*_sheets(given, ui), *_others(given, ui)]
    if not sheets:
        hint = "name unit files, a folder of them, or units that are installed"
        raise UsageError(Diagnostic("usage", "there is nothing to import", hint))
    if given.adopt:
        from mkunit.cli import adopting  # as below

        adopting.sensible(given)
    if given.output and (given.output.endswith("/") or (folder(given) / given.output).is_dir()):
        groups = [(str(Path(given.output, f"{stem}.py")), group) for stem, group in importer.groups(sheets)]
    else:
        groups = [(given.output or "-", sheets)]
    rows = [_write(given, ui, path, group) for path, group in groups]
    code = adopting.adopt(given, ui, sheets) if given.adopt else 0
    if ui.json:
        ui.document({"files": rows})
    return code


def _sheets(given: Namespace, ui: Ui) -> Iterator[Sheet]:
    """What is to be imported, each file once."""
    seen: set[tuple[str, str]] = set()
    for name in given.names:
        scope = given.scope or _scope(folder(given) / name)
        is_folder = (folder(given) / name).is_dir()
        for one in validate.load(name, folder(given), scope, 0):
            if is_folder and (why := _passed_over(folder(given) / one.path, one)):
                ui.diagnostics([why])
                continue
            for sheet in _of_file(one, scope, merge=given.merge):
                if (scope, sheet.unit.path) not in seen:
                    seen.add((scope, sheet.unit.path))
                    yield sheet


def _others(given: Namespace, ui: Ui) -> Iterator[Sheet]:
    """What crontabs and Procfiles make."""
    if given.cron or given.procfile:
        from mkunit.cli import importing  # few imports want it

        yield from importing.sheets(given, ui)


def _scope(path: Path) -> str:
    """A path such as /usr/lib/systemd/user/x.service says whose unit it is."""
    parts = path.parts
    return "user" if ("systemd", "user") in pairwise(parts) else "system"


def _passed_over(path: Path, one: Loaded) -> Diagnostic | None:
    """Why a file of a folder is no unit of its own, or none that there is a builder for."""
    place = Origin(one.path)
    if any(trouble.code == "masked-unit" for trouble in one.troubles):
        return Diagnostic("passed-over", "is passed over: it masks the unit", None, place, Severity.INFO)
    if path.is_symlink() and path.readlink().name != path.name:
        message = f"is passed over: it is another name for `{path.readlink().name}`"
        return Diagnostic("passed-over", message, None, place, Severity.INFO)
    wrong = _no_builder(path)
    return wrong and wrong._replace(message=f"is passed over: {wrong.message}", origin=place, severity=Severity.WARNING)


def _no_builder(path: Path) -> Diagnostic | None:
    """Whether a drop-in's folder is named after nothing that DropIn() is for."""
    name = path.parent.name.removesuffix(".d")
    if path.suffix != ".conf" or ((is_name(name) or is_many(name)) and name.rpartition(".")[2] in catalog.kinds()):
        return None
    return Diagnostic("no-builder", f"no builder makes drop-ins for `{name}`", "leave it out", Origin(str(path)))


def _of_file(one: Loaded, scope: str, *, merge: bool) -> Iterator[Sheet]:
    """The sheets of a file and its drop-ins."""
    if one.unit is None:
        raise ParseError(*one.diagnostics)
    sheets = [importer.sheet(parsed, scope) for parsed in one.files]
    if not one.files[0].unit.dropin and merge:
        yield importer.merged(sheets[0], sheets[1:])
    elif one.files[0].unit.dropin:
        yield _real(sheets[0], Path(one.path))
    else:
        yield from sheets


def _real(sheet: Sheet, path: Path) -> Sheet:
    """A drop-in by itself, for the unit that its folder is really named after."""
    if wrong := _no_builder(path):
        raise ParseError(wrong)
    return sheet._replace(unit=evolve(sheet.unit, name=path.parent.name.removesuffix(".d")))


def _write(given: Namespace, ui: Ui, path: str, sheets: Sequence[Sheet]) -> dict[str, str | None]:
    """One units file, and what is to be said of it; the answer is what JSON has of it."""
    done = importer.convert(sheets, "system", _about(sheets))
    shown = done.notes if ui.verbose else [note for note in done.notes if note.severity is not Severity.INFO]
    ui.diagnostics(shown)
    if path != "-":
        return {**writing.write(path, done.text, given, ui)._asdict(), "text": done.text}
    if not ui.json:
        ui.data(done.text)
    return {"path": None, "change": None, "text": done.text}


def _about(sheets: Sequence[Sheet]) -> str:
    """A sentence for the top of the file."""
    names = list(dict.fromkeys(sheet.unit.name for sheet in sheets))
    more = f" and {len(names) - 3} more" if len(names) > 4 else ""
    shown = names[:3] if more else names
    listed = ", ".join(shown) if more or len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{listed}{more}."
