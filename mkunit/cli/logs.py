"""`mkunit logs`: journalctl for units by the names that people use; it takes this process's place."""

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import installed
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, SystemdError, UsageError
from mkunit.model.name import is_name

USAGE = "mkunit logs NAME… [options]"
_EPILOG = """examples:
  mkunit logs -f web
  mkunit logs web --since "1 hour ago" -p warning
  mkunit logs web.socket web -n 50
  mkunit logs 'shop-*' -b -o cat"""
_BOOT = re.compile(r"[-+]?[0-9]+|[0-9a-f]{32}([-+][0-9]+)?|all")
_LINES = re.compile(r"\+?[0-9]+|all")
_VALUES = ("since", "until", "priority", "grep", "output")


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Show what units have logged, and what systemd has to say of them: journalctl, with its flags."
    parser.epilog = _EPILOG
    parser.add_argument("names", nargs="*", metavar="NAME", help="units, with or without their suffixes, or patterns")
    parser.add_argument("-f", "--follow", action="store_true", help="go on, and show what comes")
    parser.add_argument("-n", "--lines", nargs="?", const="10", metavar="N", help="only the last N lines (10)")
    parser.add_argument("--since", metavar="TIME", help="from then on: `2026-01-31 12:00`, yesterday")
    parser.add_argument("--until", metavar="TIME", help="up to then")
    parser.add_argument("-b", "--boot", nargs="?", const="", metavar="ID", help="of this boot, or of another: -b=-1")
    parser.add_argument("-p", "--priority", metavar="LEVEL", help="only what is so grave: err, warning, …")
    parser.add_argument("-g", "--grep", metavar="PATTERN", help="only messages that match")
    parser.add_argument("-o", "--output", metavar="FORMAT", help="journalctl's formats: short, cat, json, verbose, …")
    installed.arguments(parser)


def run(given: Namespace, ui: Ui) -> int:
    _values_or_names(given)
    if not given.names:
        raise UsageError(Diagnostic("usage", "there is no unit to show", "name one, such as `mkunit logs web`"))
    units = [_match(name, given.scope, ui) for name in given.names]
    if ui.json and not given.output:
        return _document(given, ui, units)
    return _become(_command(given, ui, units), ui)


def _values_or_names(given: Namespace) -> None:
    """In `-b web` and `-n web` the word is a unit: neither flag needs a value."""
    if given.boot and not given.names and not _BOOT.fullmatch(given.boot):
        given.names, given.boot = [given.boot], ""
    if given.lines and not given.names and not _LINES.fullmatch(given.lines):
        given.names, given.lines = [given.lines], "10"
    if given.lines and not _LINES.fullmatch(given.lines):
        hint = "write it, such as `-n 50`, or `-n all`"
        raise UsageError(Diagnostic("bad-value", f"`--lines`: `{given.lines}` is no number", hint))


def _match(name: str, scope: str | None, ui: Ui) -> str:
    """journalctl's flag for a unit; one that is gone has left its log behind, if it is named in full."""
    if any(letter in name for letter in "*?["):
        return _flag(scope, name)
    try:
        found = installed.find(name, scope, ui)
    except NoSuchUnitError as error:
        if "." not in name or not is_name(name):
            raise _unknown(name, error) from None
        return _flag(scope, name)
    return _flag(found.machine.scope, found.name)


def _flag(scope: str | None, name: str) -> str:
    """By a template its instances are meant, which are what runs."""
    return f"--{'user-' if scope == 'user' else ''}unit={name.replace('@.', '@*.')}"


def _unknown(name: str, error: NoSuchUnitError) -> NoSuchUnitError:
    """The error with a way to what is gone, unless a slip of the pen is likelier."""
    found = error.diagnostics[0]
    if "did you mean" in (found.hint or ""):
        return error
    hint = f"name it in full, such as `{name}.service`: its log may be there still"
    return NoSuchUnitError(found._replace(hint=hint))


def _command(given: Namespace, ui: Ui, units: Sequence[str]) -> list[str]:
    command = ["journalctl", *units]
    command += ["--follow"] if given.follow else []
    command += [f"--lines={given.lines}"] if given.lines else []
    command += [] if given.boot is None else [f"--boot={given.boot}" if given.boot else "--boot"]
    command += [f"--{flag}={value}" for flag in _VALUES if (value := getattr(given, flag)) is not None]
    command += ["--quiet"] if ui.quiet else []
    # Who looks on a terminal wants the end, unless something else was said.
    asked = given.follow or given.lines or given.since or given.until or given.grep
    return [*command, "--pager-end"] if sys.stdout.isatty() and not asked else command


def _document(given: Namespace, ui: Ui, units: Sequence[str]) -> int:
    """All entries as one document, written as they come: a journal may be longer than memory."""
    from mkunit.system.entries import entries  # only where it is asked for

    if given.follow:
        hint = "leave out `--follow`, or write `-o json`: a document for each entry"
        raise UsageError(Diagnostic("usage", "`--json` is one document, and `--follow` never ends", hint))
    given.output = "json"
    between = '{"entries": ['
    for entry in entries([*_command(given, ui, units), "--no-pager", "--quiet"]):
        ui.data(f"{between}\n{entry}")
        ui.is_answered = True
        between = ","
    ui.data("\n]}\n" if between == "," else '{"entries": []}\n')
    return 0


def _become(command: list[str], ui: Ui) -> int:
    """journalctl itself from here on: its pager, its Ctrl-C and its exit code are the user's own."""
    sys.stdout.flush()
    environment = dict(os.environ) if ui.color or "--output=json" in command else {**os.environ, "SYSTEMD_COLORS": "0"}
    try:
        os.execvpe(command[0], command, environment)
    except FileNotFoundError:
        hint = "mkunit shows what systemd's journal has: it is where systemd runs"
        raise SystemdError(Diagnostic("no-systemd", "there is no `journalctl` on this machine", hint)) from None
