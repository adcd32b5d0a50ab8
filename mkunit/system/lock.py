"""Who may change a scope: one at a time. Who looks at it waits for that one, and keeps it waiting for a moment at most.

The lock is flock(2)'s, on a file that only its owner may open: were it open to all, anybody could hold up every change.
Whoever may not open it still sees from /proc/locks whether somebody is at work.

Every call that changes something holds the lock too: where mkunit is killed, systemctl goes on alone, and whoever comes
next waits for it, or both would do the same.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 5.0  # seconds; to look takes less
_STEP = 0.05
_GRACE = 0.5  # seconds
_LAST = 100.0  # seconds that the last call of somebody who was killed is waited for
_FLAGS = os.O_NOFOLLOW | os.O_CLOEXEC
_held: list[int] = []  # descriptors of the locks that this process has


def held() -> tuple[int, ...]:
    """The descriptors that a call is to inherit."""
    return tuple(_held)


@contextmanager
def alone(path: Path, wait: float, note: str = "") -> Iterator[None]:
    """While this is entered, nobody else changes or looks at the same scope; BlockingIOError names who does.

    `note` is a word for those who find it taken.
    """
    import fcntl  # only where something is changed

    handle = os.open(path, os.O_RDWR | os.O_CREAT | _FLAGS, 0o600)
    try:
        _patiently(path, handle, fcntl.LOCK_EX, wait, PATIENCE)
        os.ftruncate(handle, 0)
        os.pwrite(handle, os.fsencode(f"{os.getpid()}\n{note}\n"), 0)
        _held.append(handle)
        yield
    finally:
        if handle in _held:
            _held.remove(handle)
        os.close(handle)


@contextmanager
def shared(path: Path, wait: float) -> Iterator[None]:
    """While this is entered, nobody changes the scope, if the lock can be had; else nobody does at its beginning."""
    import fcntl  # as above

    try:
        handle = os.open(path, os.O_RDONLY | _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        yield  # nobody has changed anything since the machine was started
        return
    except PermissionError:
        _until_free(path, wait)
        yield
        return
    try:
        _patiently(path, handle, fcntl.LOCK_SH, wait, wait)
        yield
    finally:
        os.close(handle)


def stamp(path: Path) -> tuple[int, int] | None:
    """What is another one after every change: when somebody was last alone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def holder(path: Path) -> str | None:
    """The process that is changing the scope, None where nobody is."""
    found = [pid for kind, pid in _locks(path) if kind == "WRITE"]
    return (_noted(path) or found[0]) if found else None


def note(path: Path) -> str:
    """The word of the process that was last alone; empty where there is none."""
    return "".join(_lines(path)[1:2])


def _noted(path: Path) -> str:
    """The process that was last alone, as it has noted itself; empty where one may not read that."""
    return "".join(_lines(path)[:1]).strip()[:20]


def _is_gone(pid: str) -> bool:
    """Whether a process has ended; the kernel may show a lock whose owner has, or not."""
    return pid.isdecimal() and not Path("/proc", pid).exists()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []


def _locks(path: Path) -> list[tuple[str, str]]:
    """The locks of a file, READ or WRITE, and the processes that hold them; those of other containers are not shown."""
    try:
        found = path.stat()
        rows = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    except OSError:
        return []
    name = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    return [(row[3], row[4]) for row in rows if row[1] == "FLOCK" and row[5:6] == [name]]


def _patiently(path: Path, handle: int, kind: int, wait: float, looks: float) -> None:
    """Take the lock, within `wait` seconds; those who only look are given a time of their own to end."""
    import fcntl  # as above
    import time

    start = time.monotonic()
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() - start >= max(wait, _least(path, looks)):
                raise BlockingIOError(holder(path) or _noted(path)) from None
            time.sleep(_STEP)
        else:
            return


def _least(path: Path, looks: float) -> float:
    """For how many seconds the holder of a lock is waited for, whoever wants it."""
    kinds = {kind for kind, pid in _locks(path) if not _is_gone(pid)}
    if kinds:
        return looks if kinds == {"READ"} else 0.0
    # Nobody has it any more, or the call of somebody who was killed; or it is another container's.
    return _LAST if _is_gone(_noted(path)) else _GRACE


def _until_free(path: Path, wait: float) -> None:
    import time  # as above

    start = time.monotonic()
    while found := holder(path):
        if time.monotonic() - start >= wait:
            raise BlockingIOError(found)
        time.sleep(_STEP)
