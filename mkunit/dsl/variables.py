"""The variables of `environment={…}`, quoted so that the process gets exactly what was given."""

from enum import Enum
from os import PathLike

from mkunit.dsl.spell import UnspellableError, plain
from mkunit.model.unit import Unit
from mkunit.model.value import Literal, Raw, assignment


def variable(name: object, value: object) -> str:
    """One variable as a word of `Environment=`; its name is checked with the word."""
    if not isinstance(name, str):
        kind = type(name).__name__
        raise UnspellableError("wrong-type", f"has a variable whose name is of type {kind}", "give it as a str")
    if isinstance(value, bool) or not isinstance(value, str | int | float | PathLike | Unit | Raw | Literal | Enum):
        kind = type(value).__name__
        raise UnspellableError("wrong-type", f"has the variable `{name}` of type {kind}", "give its value as a str")
    try:
        return assignment(name, value if isinstance(value, Raw | Literal) else plain(value))
    except ValueError as error:
        message = f"has the variable {name!r}, whose value is not possible: {error}"
        raise UnspellableError("control-character", message, "leave it out") from None
