"""Text of files that mkunit did not write, made safe to print: a terminal obeys control characters."""

from mkunit.errors import Diagnostic


def printable(text: str) -> str:
    r"""The text with escapes for what is not printable, and a blank for each tab.

    >>> print(printable("a\tb\x1b[2J"))
    a b\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c == "\t" else ascii(c)[1:-1] for c in text)


def clean(found: Diagnostic) -> Diagnostic:
    """A finding that is safe to print."""
    origin = found.origin and found.origin._replace(path=printable(found.origin.path))
    hint = found.hint and "\n".join(map(printable, found.hint.split("\n")))  # a log has lines
    return found._replace(message=printable(found.message), hint=hint, origin=origin)
