"""What can go wrong, as data: places, diagnostics, and the exceptions that carry them.

MkunitError                 1
├── UsageError              2   the command line is wrong
├── SettingsError           2   the project's settings are wrong
├── DirectiveError          1   a builder was given something that systemd would refuse or ignore
├── LoadError               1   a units file does not run, or its units are wrong
├── CheckError              1   the units do not fit together
├── ParseError              1   a unit file cannot be read
├── NoSuchUnitError         3
├── DeniedError             4   permission denied
├── SystemdError            5   systemd refused or is absent
├── OutOfDateError          6   changes wait
├── RolledBackError         7   applied, failed, and rolled back
├── IncompleteError         8   applied, failed, and not wholly rolled back
├── RefusedError            9   refused untouched: a foreign file, drift, a stale plan
└── BusyError              75   locked or busy
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

_NEAR = 0.65  # of difflib's likeness; below it a hint misleads more than it helps


class Severity(StrEnum):
    """How grave a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Origin(NamedTuple):
    """A place in a file; `line` counts from 1, and 0 stands for the file as a whole."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Diagnostic(NamedTuple):
    """One finding: a word code, what is wrong, and what to write instead."""

    code: str
    message: str
    hint: str | None = None
    origin: Origin | None = None
    severity: Severity = Severity.ERROR
    unit: str | None = None
    directive: str | None = None

    def __str__(self) -> str:
        place = f"{self.origin}: " if self.origin else ""
        text = f"{place}{self.severity}[{self.code}]: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class MkunitError(Exception):
    """The root of everything that mkunit raises on purpose; it carries diagnostics."""

    exit_code = 1

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))

    def at(self, origin: Origin | None) -> "MkunitError":
        """The same error, with a place for every diagnostic that has none yet."""
        return type(self)(*(d if d.origin else d._replace(origin=origin) for d in self.diagnostics))


class UsageError(MkunitError):
    exit_code = 2


class SettingsError(MkunitError):
    exit_code = 2


class DirectiveError(MkunitError):
    pass


class LoadError(MkunitError):
    pass


class CheckError(MkunitError):
    pass


class ParseError(MkunitError):
    pass


class NoSuchUnitError(MkunitError):
    exit_code = 3


class DeniedError(MkunitError):
    exit_code = 4


class SystemdError(MkunitError):
    exit_code = 5


class OutOfDateError(MkunitError):
    exit_code = 6


class RolledBackError(MkunitError):
    exit_code = 7


class IncompleteError(MkunitError):
    exit_code = 8


class RefusedError(MkunitError):
    exit_code = 9


class BusyError(MkunitError):
    exit_code = 75


def near(word: str, words: Iterable[str]) -> str | None:
    """The one of some words that was probably meant: the only judge of that, for every hint.

    >>> near("on_fail", ["always", "on-failure"])
    'on-failure'
    >>> near("nothing.service", ["quotaon.service"])  # what both end in says nothing
    """
    import difflib  # slow to import, and wanted only where something is wrong

    folded = {name.lower().replace("_", "-"): name for name in words}
    asked = word.lower().replace("_", "-")
    stem, dot, suffix = asked.rpartition(".")
    alike = {name.removesuffix(dot + suffix): name for name in folded if dot and name.endswith(dot + suffix)}
    others = {name: name for name in folded if name not in alike.values()}
    for one, known in ((stem, alike), (asked, others)):
        if found := difflib.get_close_matches(one, known, n=1, cutoff=_NEAR):
            return folded[known[found[0]]]
    return None


def worst(diagnostics: Iterable[Diagnostic]) -> Severity | None:
    """The gravest severity among the diagnostics, None where there are none."""
    found = {d.severity for d in diagnostics}
    return next((s for s in Severity if s in found), None)
