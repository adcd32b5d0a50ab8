"""The one way in which the words and builders say that something is wrong: with the place that called them."""

from mkunit.dsl.collect import origin
from mkunit.errors import Diagnostic, DirectiveError


def wrong(code: str, message: str, hint: str | None = None) -> DirectiveError:
    """An error at the place in the user's code that is calling."""
    return DirectiveError(Diagnostic(code, message, hint, origin()))
