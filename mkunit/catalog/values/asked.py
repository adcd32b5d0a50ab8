"""One question, a value of a directive for one systemd, and the answers that a checker can give to it."""

from collections.abc import Iterable

from mkunit.catalog.spec import Directive, Finding, Flag, Outcome
from mkunit.errors import near


class Asked:
    """A value to be judged; a plain class, since it is made for each value of each unit."""

    __slots__ = ("directive", "scope", "text", "version")

    def __init__(self, directive: Directive, text: str, version: int, scope: str) -> None:
        self.directive = directive
        self.text = text
        self.version = version
        self.scope = scope

    @property
    def type(self) -> str:
        """The type of the value, by which tables are keyed."""
        return self.directive.value

    def bad(self, message: str, hint: str | None = None) -> Finding:
        """What systemd drops with a warning or, where the directive is fatal, refuses the unit for."""
        return refused(message, hint) if Flag.FATAL in self.directive.flags else ignored(message, hint)

    def newer(self, what: str, since: int, until: int | None = None) -> Finding | None:
        """A finding if `what` is known to other systemds than the one that was asked about."""
        if self.version < since:
            hint = f"write what systemd {self.version} knows first, and this in a second line after it"
            return Finding(Outcome.NEWER, f"`{what}` is known since systemd {since}", hint)
        if until is not None and self.version >= until:
            return self.bad(f"`{what}` is no longer known since systemd {until}")
        return None


def refused(message: str, hint: str | None = None) -> Finding:
    """The unit does not load."""
    return Finding(Outcome.REFUSED, message, hint)


def ignored(message: str, hint: str | None = None) -> Finding:
    """A warning in the log, and the line or the word is dropped."""
    return Finding(Outcome.IGNORED, message, hint)


def lost(message: str, hint: str | None = None) -> Finding:
    """Nothing in the log, and something else than what was written."""
    return Finding(Outcome.LOST, message, hint)


def deprecated(message: str, hint: str | None = None) -> Finding:
    """Works, and has a successor."""
    return Finding(Outcome.DEPRECATED, message, hint)


def meant(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """A hint that names the closest of some words; or all of them where they are few, or something else."""
    known = list(words)
    if name := near(word, known):
        return f"did you mean `{name}`?"
    if otherwise or not known:
        return otherwise or "leave it out"
    if len(known) > MANY:
        return f"write one of {len(known)} words, such as `{known[0]}` or `{known[-1]}`"
    return f"write one of {', '.join(f'`{name}`' for name in known)}"


MANY = 24
