"""The shape of the catalogue's rows, and of what a value check answers."""

from enum import StrEnum
from typing import NamedTuple


class Many(StrEnum):
    """How systemd reads a directive that is written more than once."""

    SINGLE = "single"  # the last valid line wins
    JOIN = "join"  # words, on one line or on many, add up
    REPEAT = "repeat"  # one value a line, the lines add up


class Flag(StrEnum):
    """What else the catalogue says of a directive."""

    LEGACY = "legacy"  # an old spelling that systemd still reads, or reads and ignores
    FATAL = "fatal"  # a bad value makes the unit unusable, not only the line
    NOEMPTY = "noempty"  # the empty assignment is refused with a warning
    NORESET = "noreset"  # the empty assignment has no effect at all
    SPECIFIERS = "specifiers"  # `%` is expanded
    UNITNAMES = "unitnames"  # `%` is expanded with the short table: no paths, no `%I`
    SYSTEM = "system"  # for the system manager only


class Directive(NamedTuple):
    """One directive in one section, as systemd knows it."""

    section: str  # as in the file; `exec`, `kill` and `cgroup` stand for what several kinds share
    name: str
    keyword: str
    value: str  # the type of its value, a key of `values.TYPES`
    since: int  # the systemd that brought it; 0 for those older than any that is supported
    until: int | None  # the first systemd that ignores it
    successor: str  # what to write instead, where it is deprecated
    many: Many
    default: str
    man: str
    flags: frozenset[Flag]


class Outcome(StrEnum):
    """What systemd does with a value that is not right."""

    REFUSED = "refused"  # the unit does not load
    IGNORED = "ignored"  # a warning in the log, and the line or a word of it is dropped
    LOST = "lost"  # no word in the log, and something else than what was written
    NEWER = "newer"  # right, but not for the systemd that was asked about
    DEPRECATED = "deprecated"  # works, and has a successor


class Finding(NamedTuple):
    """What a value check found: what systemd does, why, and what to write instead."""

    outcome: Outcome
    message: str
    hint: str | None = None
