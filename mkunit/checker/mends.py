"""What to do about a finding where that is certain: as data, whatever the unit is written in."""

import re
from collections.abc import Callable
from typing import NamedTuple

from mkunit.errors import Diagnostic

_TICKED = re.compile(r"`([^`]+)`")


class Mend(NamedTuple):
    """A change to one directive of a unit: `drop` it, `set` it, `add` a word to it, take one out, or `rename` it."""

    action: str
    directive: str
    word: str = ""


def _drop(one: Diagnostic, words: list[str]) -> Mend:
    return Mend("drop", one.directive or "")


def _set(directive: str | None, value: str) -> Callable[[Diagnostic, list[str]], Mend]:
    return lambda one, words: Mend("set", directive or one.directive or "", value)


def _usual_target(one: Diagnostic, words: list[str]) -> Mend:
    kind = (one.unit or "").rpartition(".")[2]
    return Mend("set", one.directive or "", f"{kind}s.target")


def _obsolete(one: Diagnostic, words: list[str]) -> Mend | None:
    return Mend("without", one.directive or "", words[0]) if words[0] in ("syslog.target", "dbus.target") else None


def _renamed(one: Diagnostic, words: list[str]) -> Mend | None:
    match = re.fullmatch(r"write `(\w+)=`", one.hint or "")
    return Mend("rename", one.directive or "", match[1]) if match else None


_MENDS: dict[str, Callable[[Diagnostic, list[str]], Mend | None]] = {
    **dict.fromkeys(
        (
            *("limit-needs-accept", "option-without-listener", "owner-needs-path", "flush-needs-no-accept"),
            *("persistent-needs-calendar", "owner-in-user-scope", "user-in-user-unit"),
        ),
        _drop,
    ),
    "requires-without-after": lambda one, words: Mend("add", "After", words[1]),
    "online-without-wants": lambda one, words: Mend("add", "Wants", words[0]),
    "timer-requires-service": lambda one, words: Mend("without", one.directive or "", words[1]),
    "obsolete-unit": _obsolete,
    "user-unit-target": _set(None, "default.target"),
    "socket-wantedby": _usual_target,
    "timer-wantedby": _usual_target,
    "errors-to-client": _set("StandardError", "journal"),
    "address-needs-freebind": _set("FreeBind", "yes"),
    "deprecated-directive": _renamed,
}
CODES = frozenset(_MENDS)


def mend(one: Diagnostic) -> Mend | None:
    """The mend of a finding, None where a person has to decide."""
    make = _MENDS.get(one.code)
    return make(one, _TICKED.findall(one.message)) if make and one.unit and one.origin else None
