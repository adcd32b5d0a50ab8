"""`mkunit explain`: what a directive takes and does, what a rule looks for, or what each line of a unit file does."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mkunit import catalog, parser
from mkunit.catalog import values
from mkunit.catalog.spec import Directive, Flag, Many
from mkunit.cli import explain_code, explain_rule, validate
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.dsl.wrong import near
from mkunit.errors import Diagnostic, NoSuchUnitError
from mkunit.model.name import KINDS
from mkunit.parser.effects import EMPTY, effects
from mkunit.parser.files import Loaded
from mkunit.reporter import explain as report
from mkunit.reporter.explain import Fact, Shown

USAGE = "mkunit explain NAME [options]"
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


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Say what a directive takes, why a rule of `mkunit check` is there, what the code of an error means, or what"
        " each line of a unit file does."
    )
    parser.epilog = (
        "examples:\n  mkunit explain ListenStream\n  mkunit explain Socket.Accept\n  mkunit explain ./web.service\n"
        "  mkunit explain requires-without-after\n  mkunit explain drift\n  mkunit explain rules"
    )
    what = "a directive (`ListenStream`, `listen_stream`, `Socket.ListenStream`), a rule or another code, a file, or a"
    what += " unit; `rules` and `codes` are lists"
    parser.add_argument("name", metavar="NAME", help=what)
    parser.add_argument(
        "--systemd", type=validate.version, metavar="VERSION", help="the systemd that is to read a file"
    )
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="for the system (default)")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="for the user's systemd")


def run(given: Namespace, ui: Ui) -> int:
    if _is_file(given.name, folder(given)):
        return _explain_files(given, ui)
    if given.name == explain_code.ALL or given.name in explain_code.everything():
        return explain_code.run(given.name, ui)
    if explain_rule.is_rule(given.name):
        return explain_rule.run(given.name, ui)
    found = lookup(given.name)
    if ui.json:
        ui.document({"directives": [_document(one) for one in found]})
        return 0
    for i, one in enumerate(found):
        title = f"{one.row.name}= in {', '.join(f'[{section}]' for section in one.sections)}"
        if ui.rich and sys.stdout.isatty():
            report.paint_facts(("\n" if i else "") + title, facts(one), ui.color)
        else:
            ui.data(("\n" if i else "") + report.facts(title, facts(one)))
    return 0


def _is_file(name: str, place: Path) -> bool:
    return "/" in name or name.rpartition(".")[2] in KINDS or (place / name).is_file()


def lookup(name: str) -> list[Found]:
    """The directives of a name or keyword, in one section if that is named; NoSuchUnitError where there is none."""
    section, _, word = name.removesuffix("=").rpartition(".")
    found: dict[Directive, Found] = {}
    for kind in catalog.kinds():
        for where in catalog.sections(kind):
            for row in _rows(where, word) if section in ("", where) else ():
                key = row._replace(section="")
                one = found.get(key, Found(row, (), ()))
                sections = one.sections if where in one.sections else (*one.sections, where)
                found[key] = Found(one.row, sections, (*one.kinds, kind))
    if not found:
        raise _unknown(name, section, word)
    return list(found.values())


def _rows(section: str, word: str) -> Iterator[Directive]:
    if row := catalog.lookup(section, word):
        yield row
    elif word.islower():
        yield from (row for row in catalog.directives(section).values() if row.keyword == word)


def _unknown(name: str, section: str, word: str) -> NoSuchUnitError:
    every = dict.fromkeys(where for kind in catalog.kinds() for where in catalog.sections(kind))
    rows = [row for where in every if section in ("", where) for row in catalog.directives(where).values()]
    words = [row.keyword for row in rows] if "_" in word else [row.name for row in rows]
    hint = "name a directive, or a file by a path such as `./web.service`"
    if section and not rows:
        meant = near(section, every)
        hint = f"did you mean `{meant}.{word}`?" if meant else f"the sections are {', '.join(every)}"
    elif meant := near(word, words):
        hint = f"did you mean `{section + '.' if section else ''}{meant}`?"
    return NoSuchUnitError(Diagnostic("unknown-name", f"systemd knows no directive `{name}`", hint))


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


def _explain_files(given: Namespace, ui: Ui) -> int:
    place, scope = folder(given), given.scope or "system"
    systemd = given.systemd or validate.wanted(place)
    loaded = validate.load(given.name, place, scope, systemd)
    shown = [line for one in loaded for line in _lines(one, systemd, scope)]
    if ui.json:
        ui.document({"lines": [line._asdict() for line in shown]})
    elif ui.rich and sys.stdout.isatty():
        report.paint_lines(shown, ui.color)
    else:
        ui.data(report.lines(shown))
    for checked in validate.examine(loaded, systemd, scope):
        apart = tuple(found for found in checked.found if not found.origin or not found.origin.line)
        validate.show(checked._replace(found=apart), ui, systemd) if apart else None
    return 0


def _lines(one: Loaded, systemd: int, scope: str) -> Iterator[Shown]:
    """The lines of a unit's files, and what each does; those that are not even assignments too."""
    if one.unit is None:
        return
    rows = effects(parser.judge(one.unit, systemd, scope))
    for parsed in one.files:
        path = parsed.unit.origin.path if parsed.unit.origin else ""
        found = [
            Shown(path, e.origin.line, e.section, f"{e.name}={e.value}", row.wins, row.text)
            for row in rows
            if (e := row.entry).origin and e.origin.path == path
        ]
        taken = {line.line for line in found}
        for bad in parsed.diagnostics:
            if bad.origin and bad.origin.line not in taken:
                text = parsed.lines[bad.origin.line - 1].strip()
                found.append(Shown(path, bad.origin.line, "", text, False, bad.message))
        yield from sorted(found, key=lambda line: line.line)
