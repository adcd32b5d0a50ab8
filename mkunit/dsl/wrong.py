"""The one way in which the words and builders say that something is wrong: with the place that called them."""

from collections.abc import Iterable

from mkunit.dsl.collect import origin
from mkunit.errors import Diagnostic, DirectiveError


def wrong(code: str, message: str, hint: str | None = None) -> DirectiveError:
    """An error at the place in the user's code that is calling."""
    return DirectiveError(Diagnostic(code, message, hint, origin()))


def near(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant."""
    import difflib  # only where something is wrong: it is slow to import

    lower = {w.lower(): w for w in words}
    found = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else None
