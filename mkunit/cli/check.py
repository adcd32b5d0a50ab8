"""`mkunit check`: load and check the project's units, for one systemd or for several; unit files are validated."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve

from mkunit import checker
from mkunit import parser as reader
from mkunit.cli import project, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui, diagnostic
from mkunit.errors import Diagnostic, MkunitError, NoSuchUnitError, SettingsError, Severity, UsageError
from mkunit.pipeline.project import build_project
from mkunit.settings import Settings

_OURS = (UsageError, SettingsError, NoSuchUnitError)  # not wrong units, but nothing to check


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Load the units files and check them; nothing is written."
    parser.epilog = "example:\n  mkunit check --systemd 249,252,257"
    project.arguments(parser)
    parser.add_argument("--systemd", type=versions, metavar="VERSION,…", help="the systemds that are to run the units")


def run(given: Namespace, ui: Ui) -> int:
    files = [path for path in given.paths if reader.is_unit_file(Path(path))]
    given.paths = [path for path in given.paths if path not in files]
    found: dict[int, list[Diagnostic]] = {}
    settings = project.settings(given)
    asked = given.systemd or [0]
    for version in asked:
        found[version] = _files(files, given, version)
        if given.paths or not files:
            found[version] += _project(settings, given, version, ui)
    every = together(found)
    if ui.json:
        ui.document([diagnostic(one) for one in every])
    else:
        ui.diagnostics(every)
    errors = sum(one.severity is Severity.ERROR for one in every)
    shown = f"systemd {', '.join(map(str, given.systemd or [settings.systemd]))}"
    ui.say(f"{errors} error{'s' if errors != 1 else ''} for {shown}" if every else f"right for {shown}")
    return 1 if errors else 0


def versions(text: str) -> list[int]:
    """Versions of systemd on the command line, with commas between them."""
    found = [validate.version(word.strip()) for word in text.split(",") if word.strip()]
    if not found:
        raise ArgumentTypeError("it names no version of systemd")
    return list(dict.fromkeys(found))


def together(found: dict[int, list[Diagnostic]]) -> list[Diagnostic]:
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


def _project(settings: Settings, given: Namespace, version: int, ui: Ui) -> list[Diagnostic]:
    """What is found on the way through a project's stages; no error of the units' own ends it."""
    if version:
        hosts = {name: evolve(host, systemd=None) for name, host in settings.hosts.items()}
        settings = evolve(settings, systemd=version, hosts=hosts)
    try:
        with ui.progress("checking units files") as tick:
            builds, _ = build_project(
                settings, project.paths(given), project.parameters(given), given.host, given.all_hosts, tick
            )
    except _OURS:
        raise
    except MkunitError as error:
        return list(error.diagnostics)
    return list(dict.fromkeys(one for built in builds for one in built.warnings))


def _files(files: Sequence[str], given: Namespace, version: int) -> list[Diagnostic]:
    place, scope = folder(given), given.scope or "system"
    systemd = version or validate.wanted(place)
    loaded = [one for name in files for one in validate.load(name, place, scope, systemd)]
    reports = validate.examine(loaded, systemd, scope, checker.check)
    return [one for report in reports for one in report.found]
