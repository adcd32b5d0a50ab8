"""The text of directives that the catalogue does not know."""

from mkunit.catalog.spec import Directive, Many
from mkunit.dsl.spell import spell


def texts(name: str, value: object) -> list[str]:
    """The lines for a value of an unknown directive: a list is a line each."""
    return spell(Directive("", name, "", "", 0, None, "", Many.REPEAT, "", "", frozenset()), value)
