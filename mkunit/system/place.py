"""Where a scope keeps its records, who else has some, what mkunit runs in, and whether its folders are safe."""

import os
import pwd
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from mkunit.errors import BusyError, DeniedError, Diagnostic, MkunitError, Origin, RefusedError
from mkunit.system import disk, hosting, lock
from mkunit.system.disk import Folder
from mkunit.system.journal import Records
from mkunit.system.live import Live

ONE_OFFS = "one-off"
_RETURN = 120.0  # seconds that a unit waits for whoever has just restarted it
_STRONGER = ("/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
             "/run/systemd/generator.early")  # fmt: skip


@frozen
class Place:
    """The records of all projects of one scope."""

    live: Live

    @property
    def state(self) -> Path:
        if self.live.root or self.live.scope != "user":
            return Path(f"{self.live.root.rstrip('/')}/var/lib/mkunit") / (
                "" if self.live.scope == "system" else "user"
            )
        home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
        return Path(home, "mkunit")

    @property
    def lock(self) -> Path:
        if self.live.root:
            return self.state / "lock"
        runtime = Path(self.live.local.runtime)
        name = "global.lock" if self.live.scope == "global" else "lock"
        return runtime / "mkunit" / name if runtime.is_dir() else self.state / "lock"

    def records(self, project: str) -> Records:
        return Records(Folder(self.state / "projects" / project))

    def projects(self) -> list[str]:
        """Every project that has records here."""
        try:
            return sorted(path.name for path in (self.state / "projects").iterdir() if path.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def claims(self, project: str) -> dict[str, str]:
        """The paths that other projects own."""
        others = [name for name in self.projects() if name != project]
        return {piece.path: name for name in others for piece in self.records(name).current().pieces}

    @contextmanager
    def locked(self, wait: float) -> Iterator[None]:
        """While this is entered, nobody else applies anything; BusyError says who does."""
        with ExitStack() as stack:
            try:
                disk.make(self.lock.parent)
                self._enter(stack, wait)
            except BlockingIOError as error:
                raise _busy(error) from None
            except OSError as error:
                raise self._closed(error) from None
            yield

    def _enter(self, stack: ExitStack, wait: float) -> None:
        try:
            stack.enter_context(lock.alone(self.lock, wait, hosting.left()))
        except BlockingIOError:
            if wait >= _RETURN or not hosting.cgroup() or lock.note(self.lock) != hosting.cgroup():
                raise
            self._enter(stack, _RETURN)  # it has just restarted the unit that this is, and will soon be done

    @contextmanager
    def looked_at(self, wait: float) -> Iterator[None]:
        """While this is entered nobody applies anything, as far as this user can see to it; BusyError says who does.

        Where `mark` is another one afterwards, somebody did all the same.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(lock.shared(self.lock, wait))
            except BlockingIOError as error:
                raise _busy(error) from None
            yield

    def mark(self) -> object:
        """What is another one after each change."""
        return lock.stamp(self.lock)

    def worker(self) -> str | None:
        """The process that is applying something at this moment."""
        return lock.holder(self.lock)

    def _closed(self, error: OSError) -> MkunitError:
        """Why nothing can be changed in this scope."""
        place = Origin(str(error.filename or self.lock))
        if not isinstance(error, PermissionError):
            return RefusedError(Diagnostic("cannot-write", f"cannot be written: {error.strerror}", None, place))
        hint = "run it with sudo" if self.live.scope != "user" else "log in as the user whose units these are"
        return DeniedError(Diagnostic("permission", f"is not yours: {error.strerror}", hint, place))

    def hosts(self) -> frozenset[str]:
        """The unit of this scope that mkunit was started in: restarted by it, it would take it along."""
        return frozenset(hosting.unit(hosting.left(), self.live.scope)) | self.own()

    def own(self) -> frozenset[str]:
        """The unit of this scope that this very process is in."""
        return frozenset(hosting.unit(hosting.cgroup(), self.live.scope))

    def unsafe(self, paths: Iterable[str]) -> dict[str, str]:
        """Folders below the unit folder, itself the empty path, that others may write in."""
        folders = {"", *(path.rpartition("/")[0] for path in paths)}
        top = Path(self.live.folder)
        wrong = {folder: _link(top / folder) or _unsafe(top / folder) for folder in folders if folder}
        wrong[""] = next((why for at in (top, *top.parents, *top.resolve().parents) if (why := _unsafe(at))), "")
        return {folder: why for folder, why in wrong.items() if why}

    def shadows(self, paths: Iterable[str]) -> dict[str, str]:
        """Files in stronger folders that hide ours."""
        if self.live.root or self.live.scope != "system":
            return {}
        taken = {name: f"{at}/{name}" for at in reversed(_STRONGER) for name in _names(Path(at))}
        return {path: taken[path] for path in paths if path in taken}


def _busy(error: BlockingIOError) -> BusyError:
    hint = "wait for it, or let `--wait SECONDS` do so"
    return BusyError(Diagnostic("locked", f"another mkunit is at work: process {error}", hint))


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _link(folder: Path) -> str:
    """A folder of our own making is no link: it would lead to what is not ours."""
    return f"`{folder}` is a link" if folder.is_symlink() else ""


def _unsafe(folder: Path) -> str:
    """Why a folder is not to be written in: empty where it may. A link on the way counts as what it leads to."""
    try:
        found = folder.stat()
    except OSError:
        return ""
    if found.st_uid not in (0, os.geteuid()):
        return f"`{folder}` belongs to {_user(found.st_uid)}"
    sticky = found.st_mode & stat.S_ISVTX
    own = found.st_gid in (0, os.getegid())
    if not sticky and (found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not own)):
        return f"other users may write in `{folder}`"
    return ""


def _user(uid: int) -> str:
    try:
        return f"`{pwd.getpwuid(uid).pw_name}`"
    except KeyError:
        return f"user {uid}"


def stamps(paths: Iterable[str]) -> Mapping[str, str]:
    """Digests of files that units watch."""
    return {path: _stamp(Path(path)) for path in paths}


def _stamp(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


def who() -> str:
    """The person at the terminal, by sudo too."""
    return os.environ.get("SUDO_USER") or _user(os.getuid()).strip("`")


def commit(root: Path) -> str:
    """The git commit that a folder is at, with a `+` where it has changes; empty where it is no repository."""
    # Under sudo the folder is somebody else's, which git only takes when it is told so on the command line.
    command = ["git", "-c", f"safe.directory={root}", "-c", "core.fsmonitor=", "-C", str(root)]
    try:
        head = _git([*command, "rev-parse", "--short", "HEAD"])
        return f"{head}{'+' if _git([*command, 'status', '--porcelain', '--', '.']) else ''}" if head else ""
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _git(command: list[str]) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
