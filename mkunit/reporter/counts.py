"""How findings are sorted and counted, without anything being painted."""

from collections.abc import Sequence

from mkunit.errors import Diagnostic, Severity

_ORDER = list(Severity)


def order(one: Diagnostic) -> tuple[str, int, int]:
    """By file and line, and the graver first."""
    return (one.origin.path if one.origin else "", one.origin.line if one.origin else 0, _ORDER.index(one.severity))


def counts(found: Sequence[Diagnostic]) -> str:
    """How many of each: `2 errors, 1 warning`."""
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    parts = [(sum(one.severity is severity for one in found), word) for severity, word in words.items()]
    return ", ".join(f"{count} {word}{'s' if count != 1 else ''}" for count, word in parts if count)
