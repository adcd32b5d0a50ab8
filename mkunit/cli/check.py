"""`mkunit check`: every rule over the project's units or over unit files, for one systemd or for several."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mkunit import __version__
from mkunit import parser as reader
from mkunit.checker.comments import settled
from mkunit.checker.prose import everything
from mkunit.cli import checking, project, selection, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui, diagnostic
from mkunit.errors import Diagnostic, Severity
from mkunit.reporter import formats
from mkunit.reporter.clean import clean
from mkunit.reporter.counts import counts, order
from mkunit.settings import Settings

USAGE = "mkunit check [PATH…] [options]"
FORMATS = ("text", "json", "sarif", "github")


class Wanted(NamedTuple):
    """Which findings are shown, and which make the check fail."""

    select: frozenset[str]
    ignore: frozenset[str]
    baseline: Path | None
    strict: bool


USAGE = "mkunit check [PATH…] [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Load the units files and check them by every rule; nothing is written without --fix."
    parser.epilog = (
        "examples:\n  mkunit check --systemd 249,252,257\n  mkunit check --format github --strict\n"
        "  mkunit check --ignore bare-port-is-public ./web.service\n\n"
        "a line that ends in `# mkunit: ignore[CODE]` keeps what it has; `mkunit explain CODE` says why it is found"
    )
    project.arguments(parser)
    parser.add_argument("--systemd", type=versions, metavar="VERSION,…", help="the systemds that are to run the units")
    parser.add_argument(
        "--machine", action="store_true", help="also what is wrong on this machine: files, users, ports"
    )
    parser.add_argument("--verify", action="store_true", help="also what this machine's systemd-analyze says")
    parser.add_argument("--select", action="append", default=[], metavar="CODE,…", help="look for these only")
    parser.add_argument("--ignore", action="append", default=[], metavar="CODE,…", help="do not look for these")
    parser.add_argument("--baseline", metavar="FILE", help="say nothing of what stands in this file")
    parser.add_argument("--update-baseline", action="store_true", help="write what is found into that file")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to say it (default: text)")
    parser.add_argument("--fix", action="store_true", help="mend what is certain, after a diff")
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")


def run(given: Namespace, ui: Ui) -> int:
    files = [path for path in given.paths if _are_unit_files(folder(given) / path)]
    given.paths = [path for path in given.paths if path not in files]
    settings = project.looked_at(given, ui)
    in_project = given.paths or not files
    wanted = _wanted(given, settings)
    found, texts = _found(files, given, settings, ui)
    shown = sorted(selection.chosen(found, wanted.select, wanted.ignore), key=order)
    if given.update_baseline:
        return _update(shown, wanted, ui)
    if wanted.baseline:
        shown, gone = selection.fresh(shown, selection.known(wanted.baseline))
        if gone:
            ui.say(f"{gone} of the baseline's findings are gone: run `mkunit check --update-baseline`")
    if given.fix:
        from mkunit.cli import fixing  # only where something is to be mended

        shown = fixing.fix(shown, texts, given, ui)
    given.systemd = given.systemd or [settings.systemd if in_project else validate.wanted(folder(given))]
    _show(shown, texts, given, ui, bool(wanted.select))
    grave = (Severity.ERROR, Severity.WARNING) if wanted.strict else (Severity.ERROR,)
    return 1 if any(one.severity in grave for one in shown) else 0


def _are_unit_files(path: Path) -> bool:
    """Whether a path is a unit file, or a folder of some in which there is no Python."""
    if not path.is_dir() or reader.is_unit_file(path):
        return reader.is_unit_file(path)
    return any(reader.is_unit_file(file) for file in path.iterdir()) and not any(path.glob("*.py"))


def versions(text: str) -> list[int]:
    """Versions of systemd on the command line, with commas between them."""
    found = [validate.version(word.strip()) for word in text.split(",") if word.strip()]
    if not found:
        raise ArgumentTypeError("it names no version of systemd")
    return list(dict.fromkeys(found))


def _wanted(given: Namespace, settings: Settings) -> Wanted:
    """The flags, and where they say nothing the project's settings; ignores of both add up."""
    own = settings.check
    return Wanted(
        selection.codes(given.select or own.select, "--select"),
        selection.codes((*given.ignore, *own.ignore), "--ignore"),
        folder(given) / given.baseline if given.baseline else own.baseline,
        given.strict or own.strict,
    )


def _found(
    files: Sequence[str], given: Namespace, settings: Settings, ui: Ui
) -> tuple[list[Diagnostic], "checking.Texts"]:
    """Everything that is found for each systemd, at its line, without what comments ignore."""
    texts = checking.Texts(settings.root)
    found: dict[int, list[Diagnostic]] = {}
    sources: dict[str, None] = {}
    for version in given.systemd or [0]:
        parts = [checking.files(files, given, version, texts)] if files else []
        if given.paths or not files:
            parts.append(checking.units(settings, given, version, ui))
        found[version] = [one for part in parts for one in part.found]
        sources |= dict.fromkeys(path for part in parts for path in part.sources)
    every = together(found)
    known = frozenset({*everything(), *(one.code for one in every), *selection.others()})
    return settled(every, texts.text, sources, known), texts


def together(found: Mapping[int, Sequence[Diagnostic]]) -> list[Diagnostic]:
    """Each finding once; where it does not hold for all versions, it says for which it does."""
    merged: dict[Diagnostic, list[int]] = {}
    for version, diagnostics in found.items():
        for one in dict.fromkeys(diagnostics):
            merged.setdefault(one, []).append(version)
    return [
        one
        if len(holds) == len(found) or any(f"systemd {version}" in one.message for version in holds)
        else one._replace(message=f"{one.message} (systemd {', '.join(map(str, holds))})")
        for one, holds in merged.items()
    ]


def _update(found: Sequence[Diagnostic], wanted: Wanted, ui: Ui) -> int:
    from mkunit.system.files import Changes  # only where a file is written

    place = selection.named(wanted.baseline)
    change = Changes()
    change.write(place, selection.baseline(found))
    change.commit()
    ui.say(f"{place.name}: {counts(found) or 'nothing'}")
    return 0


def _show(found: Sequence[Diagnostic], texts: "checking.Texts", given: Namespace, ui: Ui, chosen: bool) -> None:
    """In the format that is wanted; notes only where they are asked for, as text."""
    write: dict[str, Callable[[], None]] = {
        "json": lambda: ui.document([diagnostic(one) for one in found]),
        "sarif": lambda: ui.document(formats.sarif(found, __version__, _summary)),
        "github": lambda: ui.data(formats.github(found)),
    }
    form = "json" if ui.json and given.format == "text" else given.format
    if form in write:
        write[form]()
    else:
        _text([one for one in found if one.severity is not Severity.INFO or ui.verbose or chosen], texts, ui)
    verdict = counts(found)
    hidden = form == "text" and not ui.verbose and not chosen and any(one.severity is Severity.INFO for one in found)
    shown = f"systemd {', '.join(map(str, given.systemd))}"
    ui.say(f"{verdict} for {shown}{' (-v shows the notes)' if hidden else ''}" if verdict else f"right for {shown}")


def _text(found: Sequence[Diagnostic], texts: "checking.Texts", ui: Ui) -> None:
    if ui.rich and found:
        from mkunit.reporter import checked  # rich is slow to import, and only a terminal needs it

        checked.groups(found, texts.lines, ui.color)
    else:
        ui.diagnostics(map(clean, found))


def _summary(code: str) -> str | None:
    rule = everything().get(code)
    return rule.summary if rule else None
