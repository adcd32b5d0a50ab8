"""`mkunit explain`: what a unit does and why, what a directive takes, what a rule looks for, what a file's lines do."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress

from mkunit import catalog
from mkunit.checker.prose import everything
from mkunit.cli import explain_code, explain_directive, explain_rule, installed, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, SystemdError, near
from mkunit.model.name import KINDS
from mkunit.system.local import Local

USAGE = "mkunit explain NAME [options]"
_EPILOG = """examples:
  mkunit explain web
  mkunit explain ssh.socket
  mkunit explain ./web.service
  mkunit explain ListenStream
  mkunit explain Socket.Accept
  mkunit explain requires-without-after
  mkunit explain drift
  mkunit explain rules"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Explain a unit: its settings in the end and where each comes from, who can connect, when and why it runs, what"
        " happens when it ends. Or say what a directive takes, why a rule of `mkunit check` is there, what the code of"
        " an error means, or what each line of a unit file does. A name that is none of these is looked for in the"
        " project here, whose units files are run for it."
    )
    parser.epilog = _EPILOG
    what = (
        "a unit, installed or of the project; a file by a path; a directive (`ListenStream`, `listen_stream`,"
        " `Socket.ListenStream`); a rule or another code; `rules` and `codes` are lists"
    )
    parser.add_argument("name", metavar="NAME", help=what)
    parser.add_argument(
        "--systemd", type=validate.version, metavar="VERSION", help="the systemd that is to read a file"
    )
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="for the system (default)")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="for the user's systemd")


def run(given: Namespace, ui: Ui) -> int:
    name = given.name
    if (code := _path(given, ui)) is not None:
        return code
    if name == explain_code.ALL or name in explain_code.everything():
        return explain_code.run(name, ui)
    if explain_rule.is_rule(name):
        return explain_rule.run(name, ui)
    is_unit = name.startswith("/") or (name.rpartition(".")[2] in KINDS and "." in name)
    if not is_unit and (found := explain_directive.lookup(name)):
        explain_directive.show(found, ui)
        _mention(name, given, ui)
        return 0
    from mkunit.cli import explain_unit, subjects  # they import much, and a directive is to be told at once

    subject = subjects.on_machine(name, given, ui)
    known: Sequence[str] = ()
    if subject is None:
        subject, known = subjects.of_project(name, given, ui)
    if subject is None:
        raise _unknown(name, given, known)
    return explain_unit.run(subject, given, ui)


def _path(given: Namespace, ui: Ui) -> int | None:
    """The exit code where a path is meant, and not by it a mount; else None."""
    place = folder(given) / given.name
    if not (place.exists() or place.is_symlink() or ("/" in given.name and not given.name.startswith("/"))):
        return None
    from mkunit.cli import explain_file, explain_unit, subjects  # as above

    if given.name.startswith("/") and place.is_dir() and (subject := subjects.on_machine(given.name, given, ui)):
        return explain_unit.run(subject, given, ui)
    return explain_file.run(given, ui)


def _mention(name: str, given: Namespace, ui: Ui) -> None:
    """That a unit has the same name, if it is one that a unit may have."""
    if name.islower() and not ui.json and not ui.quiet:
        full = next((one for one in _units(given, ()) if one in installed.names(name)), None)
        if full:
            ui.say(f"there is a unit `{full}`, too: `mkunit explain {full}`")


def _unknown(name: str, given: Namespace, project: Sequence[str]) -> NoSuchUnitError:
    """An error with what was probably meant: a directive, a rule or a unit."""
    section, _, word = name.removesuffix("=").rpartition(".")
    every = dict.fromkeys(where for kind in catalog.kinds() for where in catalog.sections(kind))
    if "." in name and word in KINDS:
        return _no_unit(name, given, project)
    rows = [row for where in every if section in ("", where) for row in catalog.directives(where).values()]
    words = [row.keyword for row in rows] if "_" in word else [row.name for row in rows]
    if name in KINDS:
        hint = f"`mkunit {name} --help` says how to make one, and `mkunit list --all --type {name}` which there are"
        return NoSuchUnitError(Diagnostic("unknown-name", f"`{name}` is a kind of unit, and no unit's name", hint))
    hint = "name a directive, a rule, a code, a unit, or a file by a path such as `./web.service`"
    if section and not rows:
        meant = near(section, every)
        hint = f"did you mean `{meant}.{word}`?" if meant else f"the sections are {', '.join(every)}"
    elif meant := near(
        word, words if section else [*words, *everything(), *explain_code.everything(), *_units(given, project)]
    ):
        hint = f"did you mean `{section + '.' if section else ''}{meant}`?"
    what = "systemd knows no directive" if section or name[:1].isupper() else "there is no directive, code or unit"
    return NoSuchUnitError(Diagnostic("unknown-name", f"{what} `{name}`", hint))


def _no_unit(name: str, given: Namespace, project: Sequence[str]) -> NoSuchUnitError:
    meant = near(name, _units(given, project))
    hint = f"did you mean `{meant}`?" if meant else "`mkunit list --all` shows those that are installed"
    message = f"there is no unit `{name}`, neither installed nor in a project here"
    return NoSuchUnitError(Diagnostic("no-such-unit", message, hint, unit=name))


def _units(given: Namespace, project: Sequence[str]) -> list[str]:
    """The names of all units that may be meant, with their suffixes and without."""
    found = list(project)
    for scope in [given.scope] if given.scope else ["system", "user"]:
        with suppress(SystemdError):
            found += installed.known(installed.folders_of(Local(scope)))
    return [*found, *(unit.rpartition(".")[0] for unit in found)]
