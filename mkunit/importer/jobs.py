"""Commands that a shell runs, as services: what crontabs and Procfiles have in common."""

import re
from collections.abc import Iterable, Sequence

from attrs import evolve

from mkunit.dsl.install import settle
from mkunit.dsl.words import cmd
from mkunit.errors import Diagnostic, DirectiveError, Origin, ParseError
from mkunit.importer.sheet import Sheet
from mkunit.model.unit import Unit
from mkunit.model.value import Command
from mkunit.renderer.source import Remarks

# What only a shell understands; without it, and with an absolute path, systemd runs the program itself.
_SHELL = re.compile(r"[^\w\s./:,@+%-]")
_OPERATORS = re.compile(r"[;&|\n()]")
_PLUMBING = frozenset((
    "cd", "test", "[", "env", "command", "nice", "ionice", "exec", "if", "then", "sleep", "sh", "bash", "true", "false",
    "echo", "export", "sudo",
))  # fmt: skip
_SUFFIX = re.compile(r"\.(sh|bash|py|pl|rb|php)$")


def run(text: str, shell: str = "/bin/sh") -> Command:
    """The command line that does what the shell would do with a line.

    >>> print(run("/usr/bin/a --all"), "|", run("a $HOME | b"))
    /usr/bin/a --all | /bin/sh -c "a $$HOME | b"
    """
    words = text.split()
    if words and words[0].startswith("/") and not _SHELL.search(text):
        return cmd(*words)
    return cmd(shell, "-c", text)


def replaced(text: str) -> str:
    """A line whose shell makes way for the program, where that changes nothing else."""
    return text if _OPERATORS.search(text) or text.startswith("exec ") else f"exec {text}"


def name(text: str, taken: Iterable[str]) -> str:
    """What to call a command: its program's name, with a number where that is taken."""
    parts = (word.rpartition("/")[2] for word in re.split(r"[\s;&|]+", text))
    plain = (
        _SUFFIX.sub("", part) for part in parts if part not in _PLUMBING and re.fullmatch(r"[A-Za-z][\w.-]*", part)
    )
    first = next(plain, "job")[:60]
    known = set(taken)
    return next(name for name in (first, *(f"{first}-{i}" for i in range(2, 3 + len(known)))) if name not in known)


def sheets(units: Sequence[Unit], places: Sequence[Origin], comments: Sequence[tuple[str, ...]]) -> list[Sheet]:
    """Units that builders have made, as if they had been read at a place."""
    whole = settle(units, "system")
    found = []
    for unit, place, above in zip(whole, places, comments, strict=True):
        entries = tuple(entry._replace(origin=place) for entry in unit.entries)
        found.append(Sheet(evolve(unit, entries=entries, origin=place, source=None), Remarks(above)))
    return found


def refused(code: str, message: str, place: Origin, hint: str | None = None) -> ParseError:
    return ParseError(Diagnostic(code, message, hint, place))


def at(error: DirectiveError, place: Origin) -> ParseError:
    """What a builder does not take, at the line that it comes from."""
    return ParseError(*(found._replace(origin=place) for found in error.diagnostics))
