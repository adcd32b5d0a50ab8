"""What a load knows while the user's files run, and where the builders leave their units."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

from mkunit.catalog import OLDEST
from mkunit.errors import Diagnostic, Origin
from mkunit.model.unit import Unit

_PACKAGE = __file__.rpartition("/")[0].rpartition("/")[0] + "/"
NEWEST = 9999  # outside a load no systemd is asked about


class Load:
    """One run of a project's files: what they may read, and what they have built so far."""

    def __init__(
        self,
        root: str = "",
        systemd: int = OLDEST,
        scope: str = "system",
        params: Mapping[str, object] | None = None,
        given: frozenset[str] = frozenset(),
        spelled: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.systemd = systemd
        self.scope = scope
        self.params = params or {}
        self.given = given  # parameters from the command line: their text is yet to be read
        self.spelled = spelled  # keywords as flags, where the units come from the command line
        self.units: list[Unit] = []
        self.warnings: list[Diagnostic] = []
        self.asked: dict[str, object] = {}  # parameters that the files read, with their defaults
        self.files: dict[str, str] = {}  # the units files of this load, and their paths as a person reads them


_current: ContextVar[Load | None] = ContextVar("mkunit-load", default=None)


def current() -> Load | None:
    """The load that is under way, None outside of one."""
    return _current.get()


@contextmanager
def loading(load: Load) -> Iterator[Load]:
    """While this is entered, builders add what they build to the load."""
    token = _current.set(load)
    try:
        yield load
    finally:
        _current.reset(token)


def origin() -> Origin | None:
    """The place in the user's code that is calling mkunit: the first frame that is not mkunit's own."""
    load = _current.get()
    if load and load.spelled is not None:
        return None  # the place is a flag, which the message names
    for frame in _frames():
        path = frame.f_code.co_filename
        return Origin(shown(path, load.root) if load else path, frame.f_lineno)
    return None


def source() -> str | None:
    """The units file that is running, whichever of its neighbours' functions it has called."""
    if load := _current.get():
        for frame in _frames():
            if found := load.files.get(frame.f_code.co_filename):
                return found
    return None


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(2)
    while frame:
        if not _is_ours(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def _is_ours(path: str) -> bool:
    # attrs compiles the methods of our classes into files of its own naming.
    return path.startswith((_PACKAGE, "<attrs generated"))


def shown(path: str, root: str) -> str:
    """A path as a person reads it: relative to the project where it lies in it."""
    prefix = root.rstrip("/") + "/"
    return path[len(prefix) :] if root and path.startswith(prefix) else path
