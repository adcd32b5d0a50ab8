"""The command lines of a unit taken apart, for rules that look at what is run."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mkunit.catalog.values.words import LAX, WordError
from mkunit.checker.view import Seen
from mkunit.model.unit import Entry

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
EXEC = ("ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition", "ExecReload", "ExecStop", "ExecStopPost")
_PREFIXES = "-@:+!|"


class Run(NamedTuple):
    """One command: what stands before its program, the program's path, and its arguments."""

    prefixes: str
    path: str
    arguments: tuple[str, ...]

    @property
    def program(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def words(self) -> tuple[str, ...]:
        return (self.path, *self.arguments)

    @property
    def script(self) -> str | None:
        """What a shell is told to run: the word after `-c`."""
        if self.program not in SHELLS:
            return None
        for word, after in zip(self.arguments, self.arguments[1:], strict=False):
            if word.startswith("-") and not word.startswith("--") and word.endswith("c"):
                return after
            if not word.startswith("-"):
                return None
        return None

    @property
    def keeps_shell(self) -> bool:
        """Whether a shell stays in front of the program: its script is more than one command, and no `exec` ends it.

        Of a script that is a single command, the usual shells make the command by themselves.
        """
        script = self.script
        if script is None:
            return False
        last = script.replace("&&", ";").replace("||", ";").replace("\n", ";").rstrip("; ").rpartition(";")
        return (bool(last[0]) or "|" in script) and not last[2].strip().startswith("exec ")


@lru_cache(maxsize=20_000)
def run(text: str) -> Run | None:
    """A line's first command; None where it cannot be read, which is said elsewhere."""
    try:
        words = LAX.split(text)
    except WordError:
        return None
    if not words:
        return None
    path = words[0].lstrip(_PREFIXES)
    prefixes = words[0][: len(words[0]) - len(path)]
    rest = words[1:]
    if "@" in prefixes:
        rest = rest[1:]
    return Run(prefixes, path, tuple(rest[: rest.index(";")] if ";" in rest else rest)) if path else None


def runs(seen: Seen, *names: str) -> Iterator[tuple[Entry, Run]]:
    """The commands of a unit, each with its line."""
    for entry in seen.all(*(names or ("ExecStart",))):
        if command := run(entry.value):
            yield entry, command
