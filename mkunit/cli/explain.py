"""`mkunit explain`: what a unit does and why, what a directive takes, what a rule looks for, what a file's lines do."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from mkunit import catalog
from mkunit.catalog import values
from mkunit.catalog.spec import Directive, Flag, Many
from mkunit.checker.prose import everything
from mkunit.cli import explain_code, explain_file, explain_rule, explain_unit, installed, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.dsl.wrong import near
from mkunit.errors import Diagnostic, NoSuchUnitError, SystemdError
from mkunit.model.name import KINDS
from mkunit.parser.effects import EMPTY
from mkunit.reporter import explain as report
from mkunit.reporter.explain import Fact
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
_SHOWN = 6  # examples of each sort
_MANY = {
    Many.SINGLE: "one value; the last line holds",
    Many.JOIN: "several values, on one line or on several: they add up",
    Many.REPEAT: "one value a line; several lines add up",
}


class Found(NamedTuple):
    """A directive, and the sections and kinds that have it."""

    row: Directive
    sections: tuple[str, ...]
    kinds: tuple[str, ...]


USAGE = "mkunit explain NAME [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Explain a unit: its settings in the end and where each comes from, who can connect, when and why it runs, what"
        " happens when it ends. Or say what a directive takes, why a rule of `mkunit check` is there, what the code of"
        " an error means, or what each line of a unit file does."
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
    name, place = given.name, folder(given) / given.name
    # A folder may be where a mount is, and what is in it is no unit then.
    subject = explain_unit.on_machine(name, given, ui) if name.startswith("/") and place.is_dir() else None
    if subject is None and (place.exists() or place.is_symlink() or ("/" in name and not name.startswith("/"))):
        return explain_file.run(given, ui)
    if subject is None and (name == explain_code.ALL or name in explain_code.everything()):
        return explain_code.run(name, ui)
    if subject is None and explain_rule.is_rule(name):
        return explain_rule.run(name, ui)
    is_unit = subject or name.startswith("/") or (name.rpartition(".")[2] in KINDS and "." in name)
    if not is_unit and (found := lookup(name)):
        _show(found, ui)
        _mention(name, given, ui)
        return 0
    return _unit(subject or explain_unit.on_machine(name, given, ui), given, ui)


def _unit(subject: explain_unit.Subject | None, given: Namespace, ui: Ui) -> int:
    """An installed unit, or else one of the project."""
    known: Sequence[str] = ()
    if subject is None:
        subject, known = explain_unit.of_project(given.name, given, ui)
    if subject is None:
        raise _unknown(given.name, given, known)
    return explain_unit.run(subject, given, ui)


def _mention(name: str, given: Namespace, ui: Ui) -> None:
    """That a unit has the same name, if it is one that a unit may have."""
    if name.islower() and not ui.json and not ui.quiet:
        full = next((one for one in _units(given, ()) if one in installed.names(name)), None)
        if full:
            ui.say(f"there is a unit `{full}`, too: `mkunit explain {full}`")


def _show(found: list[Found], ui: Ui) -> None:
    """Directives, one below the other."""
    if ui.json:
        ui.document({"directives": [_document(one) for one in found]})
        return
    for i, one in enumerate(found):
        title = f"{one.row.name}= in {', '.join(f'[{section}]' for section in one.sections)}"
        if ui.rich and sys.stdout.isatty():
            report.paint_facts(("\n" if i else "") + title, facts(one), ui.color)
        else:
            ui.data(("\n" if i else "") + report.facts(title, facts(one)))


def lookup(name: str) -> list[Found]:
    """The directives of a name or keyword, in one section if that is named; none where systemd knows none."""
    section, _, word = name.removesuffix("=").rpartition(".")
    found: dict[Directive, Found] = {}
    for kind in catalog.kinds():
        for where in catalog.sections(kind):
            for row in _rows(where, word) if section in ("", where) else ():
                key = row._replace(section="")
                one = found.get(key, Found(row, (), ()))
                sections = one.sections if where in one.sections else (*one.sections, where)
                found[key] = Found(one.row, sections, (*one.kinds, kind))
    return list(found.values())


def _rows(section: str, word: str) -> Iterator[Directive]:
    if row := catalog.lookup(section, word):
        yield row
    elif word.islower():
        yield from (row for row in catalog.directives(section).values() if row.keyword == word)


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


def facts(one: Found) -> list[Fact]:
    """All that the catalogue knows of a directive, under words for a person."""
    row, grammar = one.row, values.describe(one.row)
    found = [
        Fact("takes", (grammar.line,)),
        Fact("examples", () if all(f"`{word}`" in grammar.line for word in grammar.good) else grammar.good[:_SHOWN]),
        Fact("not", grammar.bad[:_SHOWN]),
        Fact("default", (row.default,)),
        Fact("lines", (_many(row), _empty(row))),
        Fact("%", ("is expanded" + (", without paths" if Flag.UNITNAMES in row.flags else ""),))
        if _expands(row)
        else None,
        Fact("if wrong", (_wrong(row),)),
        Fact(
            "Python", (f"{row.keyword}=, of {', '.join(kind.capitalize() for kind in one.kinds if kind != 'scope')}",)
        ),
        Fact("systemd", tuple(_versions(row))),
        Fact("scope", ("the system's systemd only",)) if Flag.SYSTEM in row.flags else None,
        Fact("manual", (row.man,)),
    ]
    return [fact for fact in found if fact and any(fact.values)]


def _many(row: Directive) -> str:
    if row.name == "Unit" and row.section in ("Timer", "Path"):
        return "one value; the first line holds"
    return _MANY[row.many]


def _expands(row: Directive) -> bool:
    return bool({Flag.SPECIFIERS, Flag.UNITNAMES} & row.flags)


def _empty(row: Directive) -> str:
    if row.name in EMPTY:
        return f"an empty line means {EMPTY[row.name]}"
    if Flag.NOEMPTY in row.flags:
        return "an empty line is refused: write the default instead"
    if Flag.NORESET in row.flags:
        return "an empty line has no effect: nothing takes back what was added"
    return "an empty line means the default" if row.many is Many.SINGLE else "an empty line takes back those before it"


def _wrong(row: Directive) -> str:
    return "the unit does not load" if Flag.FATAL in row.flags else "systemd ignores it, or a part of it"


def _versions(row: Directive) -> Iterator[str]:
    yield f"since {row.since}" if row.since else f"since {catalog.OLDEST} or earlier"
    if row.until:
        yield f"without effect since {row.until}"
    if row.successor:
        yield f"an old spelling of {row.successor}="


def _document(one: Found) -> dict[str, object]:
    row, grammar = one.row, values.describe(one.row)
    return {
        "name": row.name,
        "sections": list(one.sections),
        "kinds": list(one.kinds),
        "keyword": row.keyword,
        "takes": grammar.line,
        "good": list(grammar.good),
        "bad": list(grammar.bad),
        "default": row.default or None,
        "many": str(row.many),
        "empty": _empty(row),
        "specifiers": _expands(row),
        "fatal": Flag.FATAL in row.flags,
        "since": row.since or None,
        "until": row.until,
        "successor": row.successor or None,
        "man": row.man or None,
    }
