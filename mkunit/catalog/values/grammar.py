"""What a type's values look like: one line and examples, from `grammars.tsv` and the words of `enums.tsv`."""

from functools import cache

from attrs import frozen

from mkunit.catalog.spec import Directive
from mkunit.catalog.values.enums import BOOLEAN, NUMBER, words
from mkunit.catalog.values.numbers import boolean
from mkunit.catalog.values.tables import rows

BETWEEN = " ¦ "


@frozen
class Grammar:
    """The grammar of a directive's value; what is good for the newest systemd may be bad for an older one."""

    line: str
    good: tuple[str, ...]
    bad: tuple[str, ...]


@cache
def _table() -> dict[str, Grammar]:
    return {kind: Grammar(line, _examples(good), _examples(bad)) for kind, line, good, bad in rows("grammars.tsv")}


def _examples(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(BETWEEN)) if cell else ()


def grammar(directive: Directive) -> Grammar:
    """The grammar of a directive."""
    kind = directive.value
    if found := _table().get(kind):
        return found
    if table := words(kind):
        return _enumeration(list(table))
    return Grammar("nothing: the directive has no effect any more", (), ())


def _enumeration(names: list[str]) -> Grammar:
    plain = [name for name in names if name[0] != "<"]
    shown = ["yes", "no", *plain] if BOOLEAN in names else plain
    line = "one of " + ", ".join(f"`{name}`" for name in shown) + (", or a number" if NUMBER in names else "")
    last = shown[-1]
    bad = [f"{last}x", "nonsense", f'"{last}"', last.title()]
    return Grammar(line, tuple(shown), tuple(word for word in bad if boolean(word) is None and word not in shown))
