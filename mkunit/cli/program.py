"""`--exec` and `--arg`: a command line whose program has an absolute path, and the service that runs it."""

# ruff: noqa: PTH100, PTH112, PTH113, PTH117, PTH118 -- pathlib is slow to import
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from os.path import abspath, isabs, isdir, isfile, join

from mkunit.catalog.values.words import ESCAPED, WordError
from mkunit.cli import curated, oneoff
from mkunit.cli.ui import Ui
from mkunit.dsl import Service
from mkunit.errors import Diagnostic, Severity
from mkunit.model.text import percent, quoted
from mkunit.model.unit import Unit

_PREFIXES = "-@:+!"


def arguments(parser: ArgumentParser, what: str) -> None:
    parser.add_argument("--exec", dest="command_line", metavar="CMD", help=what)
    parser.add_argument(
        "--arg", action="append", default=[], metavar="TEXT",
        help="one more argument for the command, exactly as it is (`--arg=--all`); may repeat",
    )  # fmt: skip


def line(given: Namespace, ui: Ui) -> str | None:
    """The command line of `--exec` and `--arg`; None without them."""
    text: str | None = given.command_line
    if text is None:
        if given.arg:
            raise oneoff.usage("usage", "`--arg` has no command", "add `--exec PROGRAM`")
        return None
    if not text.strip():
        raise curated.empty("--exec")
    return resolved(text, given.arg, given, ui)


def resolved(text: str, more: Iterable[str], given: Namespace, ui: Ui) -> str:
    """The same command line with the program's absolute path, and `more` arguments as data."""
    tail = "".join(f" {_data(word)}" for word in more)
    try:
        word, at = ESCAPED.first(text, 0)
    except WordError:
        word, at = None, None
    if word is None:
        return text + tail  # it is refused with a reason, where each directive is
    program = word.lstrip(_PREFIXES)
    prefixes = word[: len(word) - len(program)]
    if not program or program[0] in "|%$~":
        return text + tail  # not for us to look up: the service's own systemd does
    found = _absolute(program, given, ui)
    if found == program:
        return text + tail
    curated.say(ui, program, found)
    rest = text[at:].strip() if at is not None else ""
    return " ".join(filter(None, [quoted(prefixes + percent(found)), rest])) + tail


def _data(word: str) -> str:
    """An argument that the process gets exactly as it is."""
    try:
        return quoted(percent(word.replace("$", "$$")))
    except ValueError as error:
        raise oneoff.usage("bad-value", f"`--arg`: {error}", "leave it out") from None


def _absolute(program: str, given: Namespace, ui: Ui) -> str:
    """The path of a program, as the person at the terminal would run it."""
    if "/" not in program:
        found = (join(place, program) for place in os.get_exec_path())
        if path := next((path for path in found if _runs(path)), None):
            return abspath(path)
        raise oneoff.usage("no-program", f"`--exec`: there is no program `{program}` here", "write its absolute path")
    path = _from_root(program.replace("%%", "%"), given)
    if _runs(path):
        return program if isabs(program) else path
    message, hint = _missing(path)
    if not isabs(program):
        raise oneoff.usage("no-program", f"`--exec`: {message}", hint)
    # It may be there on the machine that the unit is for.
    ui.diagnostics([Diagnostic("no-program", f"`--exec`: {message}", hint, severity=Severity.WARNING)])
    return program


def _from_root(path: str, given: Namespace) -> str:
    if isabs(path):
        return path
    from mkunit.cli.folder import folder  # pathlib is slow to import

    return abspath(join(folder(given), path))


def _runs(path: str) -> bool:
    return isfile(path) and os.access(path, os.X_OK)


def _missing(path: str) -> tuple[str, str]:
    if isdir(path):
        return f"`{path}` is a folder", "name the program in it"
    if isfile(path):
        return f"`{path}` is not executable", f"`chmod +x {path}`, or name the interpreter before it"
    return f"there is no `{path}` here", "write the path of a program"


def service(given: Namespace, ui: Ui, name: str, **more: object) -> list[Unit]:
    """The service that a socket, timer or path starts, where `--exec` asks for one."""
    text = line(given, ui)
    if text is None:
        return []
    options: dict[str, object] = {"exec_start": text, **more}
    return [Service(name, **options)]  # type: ignore[arg-type]  # checked when it is built


def refuse_other(given: Namespace, kind: str) -> None:
    """`--exec` makes a service: `--unit` can name it, but nothing else."""
    other = curated.value(given, "activates")
    if given.command_line is not None and isinstance(other, str) and "." in other and not other.endswith(".service"):
        message = f"`--exec` makes a service, and `--unit {other}` names none"
        raise oneoff.usage("usage", message, f"leave one of them out, or name a service for the {kind}")
