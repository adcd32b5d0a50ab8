"""What the text of a directive means to systemd: texts that it reads alike become the one that mkunit writes."""

from collections.abc import Sequence

from mkunit.catalog.spec import Directive, Many, Outcome
from mkunit.catalog.values.words import ESCAPED, WordError
from mkunit.dsl.collect import NEWEST
from mkunit.dsl.spell import check
from mkunit.model.text import quoted
from mkunit.renderer.source_commands import command
from mkunit.renderer.source_values import YES_OR_NO

_TRUTH = {
    **dict.fromkeys(("1", "yes", "y", "true", "t", "on"), "yes"),
    **dict.fromkeys(("0", "no", "n", "false", "f", "off"), "no"),
}
_QUOTING = frozenset("\"'\\")
_PREFIXES = tuple("-@:+!")
_OCTAL = frozenset("01234567")


def same(row: Directive | None, text: str) -> str:
    """One text for all that systemd reads alike, as far as that is certain; the text itself for the rest.

    >>> from mkunit import catalog
    >>> same(catalog.lookup("Service", "ExecStart"), "/bin/a    'b c'"), same(catalog.lookup("Service", "UMask"), "22")
    ('/bin/a "b c"', '0022')
    """
    if row is None or not text:
        return text
    if row.value in YES_OR_NO:
        return _TRUTH.get(text.lower(), text)
    if row.value == "mode" and _OCTAL.issuperset(text) and len(text) < 20:
        return f"{int(text, 8):04o}"
    if row.value == "exec":
        return _command(row, text)
    return " ".join(words(text)) if row.many is Many.JOIN else text


def _command(row: Directive, text: str) -> str:
    if not _QUOTING.intersection(text) and "$" not in text and text[1:2] not in _PREFIXES:
        return " ".join(words(text))
    # A `$` that the author took for a variable's is one that the builders take for a mistake, unless it is data.
    is_lost = "$" in text and any(one.outcome is Outcome.LOST for one in check(row, text, NEWEST, "system"))
    made = command(text, lone=is_lost)
    return str(made) if made else text


def words(text: str) -> list[str]:
    """The words of a list; one that has quotes or escapes in it is left whole.

    >>> words("a   b"), words("a   'b c'")
    (['a', 'b'], ["a   'b c'"])
    """
    if _QUOTING.intersection(text):
        return [text]
    return [word for word in text.replace("\t", " ").split(" ") if word]


def assignments(text: str) -> list[str] | None:
    """The variables of an `Environment=` line, each as a line of its own; None where it cannot be taken apart."""
    try:
        return [quoted(word) for word in ESCAPED.split(text)]
    except (WordError, ValueError):
        return None


def mergeable(lines: Sequence[str]) -> bool:
    """Whether the lines of a list mean the same on one line: no boolean stands for all, and no `~` turns one round."""
    every = (word for line in lines for word in words(line))
    return not any(word[0] == "~" or word.lower() in _TRUTH or _QUOTING.intersection(word) for word in every)
