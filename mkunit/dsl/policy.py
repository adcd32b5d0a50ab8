"""What is to become of a unit when it changes: words that the unit carries, and that no unit file has."""

from collections.abc import Callable
from os import PathLike, fspath

from mkunit.dsl.draft import Draft
from mkunit.dsl.spell import Problem
from mkunit.model.value import Command

_CHOICES = {
    "on_change": ("restart", "reload", "keep", "stop-start"),
    "on_remove": ("stop", "keep"),
    "ensure": ("running",),
}
_PROBES = 'write "tcp:8080", "tcp:host:8080", "http://127.0.0.1:8080/health", or a command: cmd("/usr/bin/curl", …)'


def note(draft: Draft, keyword: str, value: object) -> None:
    """One word of a unit's policy."""
    if value is None:
        return
    try:
        draft.policy.append((keyword, _READERS[keyword](keyword, value)))
    except _WrongError as error:
        draft.complain(keyword, error.problem)


class _WrongError(Exception):
    def __init__(self, message: str, hint: str, code: str = "bad-policy") -> None:
        super().__init__(message)
        self.problem = Problem(code, message, hint)


def _choice(keyword: str, value: object) -> object:
    choices = _CHOICES[keyword]
    if value not in choices:
        words = " or ".join(f'"{word}"' for word in choices)
        raise _WrongError(f"is {value!r}", f"write {words}")
    return value


def _files(keyword: str, value: object) -> object:
    """Files of the machine, by absolute path: a relative one would mean another file in each folder."""
    items = value if isinstance(value, list | tuple) else [value]
    found = []
    for item in items:
        path = fspath(item) if isinstance(item, str | PathLike) else None
        if not isinstance(path, str) or not path.startswith("/"):
            raise _WrongError(f"has {item!r}, which is no absolute path", 'write a list such as ["/etc/web.conf"]')
        found.append(path)
    return tuple(found)


def _number(keyword: str, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _WrongError(f"is {value!r}", "write how many instances are restarted at a time, 1 or more")
    return value


def _probe(keyword: str, value: object) -> object:
    if isinstance(value, Command):
        return _argv([word if isinstance(word, str) else None for word in value.argv])
    if isinstance(value, list | tuple):
        return _argv([fspath(word) if isinstance(word, str | PathLike) else None for word in value])
    if not isinstance(value, str):
        raise _WrongError(f"takes no {type(value).__name__}", _PROBES, "wrong-type")
    if value.startswith(("http://", "https://")) and value.partition("//")[2]:
        return ("http", value)
    kind, _, rest = value.partition(":")
    host, _, port = rest.rpartition(":")
    if kind != "tcp" or not port.isdecimal() or not 0 < int(port) < 65536:
        raise _WrongError(f"is {value!r}", _PROBES)
    return ("tcp", host.strip("[]") or "localhost", port)


def _argv(words: list[str | bytes | None]) -> object:
    found = [word for word in words if isinstance(word, str)]
    if not found or len(found) != len(words) or not found[0].startswith("/"):
        raise _WrongError("is no command that starts with an absolute path", _PROBES)
    return ("command", *found)


_READERS: dict[str, Callable[[str, object], object]] = {
    "on_change": _choice, "on_remove": _choice, "ensure": _choice, "restart_on": _files, "reload_on": _files,
    "probe": _probe, "rolling": _number,
}  # fmt: skip
