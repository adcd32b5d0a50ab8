"""`mkunit explain DIRECTIVE`: what it takes and does, since when, and how it is written in Python."""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from mkunit import catalog
from mkunit.catalog import values
from mkunit.catalog.spec import Directive, Flag, Many
from mkunit.cli.ui import Ui
from mkunit.parser.effects import EMPTY
from mkunit.reporter import explain as report
from mkunit.reporter.explain import Fact

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


def show(found: list[Found], ui: Ui) -> None:
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
