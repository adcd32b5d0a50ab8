"""A throw-away machine that runs the real systemd as PID 1, in namespaces over an overlay of the host's files."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from . import inside
from .journal import Entry, about, complaints, entries
from .supervisor import MachineError, Supervisor, unavailable

__all__ = ["Machine", "MachineError"]


class Machine:
    """Boots when entered and is gone when left; the host's files can be read in it, and every write stays in it.

    `root` is a folder whose files are laid over the host's, with the systemd of another release, say; without it the
    environment variable MKUNIT_SYSTEMD_ROOT is looked at.

        with Machine() as machine:
            machine.write("/etc/systemd/system/hello.service", text)
            machine.run("systemctl", "start", "hello.service")
    """

    python = sys.executable  #: the interpreter that has mkunit, at the same path inside

    def __init__(self, *, root: Path | None = None) -> None:
        layer = os.environ.get("MKUNIT_SYSTEMD_ROOT")
        self._layer = root or (Path(layer) if layer else None)
        self._supervisor: Supervisor | None = None

    @staticmethod
    def unavailable() -> str | None:
        """Why no machine can be booted here, in words, or None."""
        return unavailable()

    def __enter__(self) -> Self:
        self._supervisor = Supervisor.boot(self._layer, timeout=60)
        try:
            self.run("systemctl", "is-system-running", "--wait", check=False)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is not None:
            supervisor.stop()

    @property
    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise MachineError("the machine is not running")
        return self._supervisor

    @property
    def pid(self) -> int:
        """The host's number of the machine's PID 1."""
        return self._running.pid

    @property
    def name(self) -> str:
        """The name of the machine's cgroup, the only thing of it that the host can see."""
        return self._running.name

    def run(
        self,
        *argv: str | os.PathLike[str],
        user: str | None = None,
        env: Mapping[str, str] | None = None,
        input: str | None = None,  # noqa: A002  as subprocess.run names it
        check: bool = True,
        timeout: float = 60,
        cwd: str | os.PathLike[str] = "/",
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, as root or as `user`, in an environment that holds nothing of the host's.

        Raises CalledProcessError when it fails and `check` is set, TimeoutExpired when `timeout` seconds are over.
        """
        account = inside.ROOT if user is None else self._account(user)
        words = tuple(os.fspath(word) for word in argv)
        line = inside.command(words, self.pid, account, env or {}, os.fspath(cwd))
        try:
            done = inside.execute(line, input, timeout)
        except subprocess.TimeoutExpired as late:
            late.cmd = words
            raise
        done.args = words
        if check and done.returncode:
            error = subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
            error.add_note(f"{done.stdout}{done.stderr}".rstrip())
            raise error
        return done

    def sh(
        self,
        script: str,
        *,
        user: str | None = None,
        env: Mapping[str, str] | None = None,
        input: str | None = None,  # noqa: A002  as subprocess.run names it
        check: bool = True,
        timeout: float = 60,
        cwd: str | os.PathLike[str] = "/",
    ) -> subprocess.CompletedProcess[str]:
        """Run a shell script, which stops at the first command that fails."""
        return self.run("sh", "-euc", script, user=user, env=env, input=input, check=check, timeout=timeout, cwd=cwd)

    def path(self, within: str | os.PathLike[str]) -> Path:
        """The host's path of a file in the machine; an absolute symlink on the way would lead back to the host."""
        return Path(f"/proc/{self.pid}/root", os.fspath(within).lstrip("/"))

    def write(self, within: str | os.PathLike[str], text: str) -> None:
        """Write a file as root, with the folders above it."""
        self.sh('mkdir -p "$(dirname "$FILE")"; cat >"$FILE"', env={"FILE": os.fspath(within)}, input=text)

    def read(self, within: str | os.PathLike[str]) -> str:
        """The text of a file."""
        return self.run("cat", "--", within).stdout

    def add_user(self, name: str) -> int:
        """Make an ordinary user with a home and a running manager of its own; gives the uid."""
        self.run("useradd", "--create-home", "--user-group", "--shell", "/bin/sh", name)
        uid = self._account(name).uid
        self.run("systemctl", "start", f"user@{uid}.service")
        return uid

    def _account(self, name: str) -> inside.Account:
        return inside.Account.find(name, self.path("/etc/passwd").read_text(encoding="utf-8"))

    def journal(self, unit: str | None = None) -> list[Entry]:
        """Every entry since the boot, oldest first; with `unit` those of the unit and those about it."""
        self.run("journalctl", "--sync")
        found = entries(self.run("journalctl", "--output=json", "--all", "--no-pager").stdout)
        return list(found if unit is None else about(unit, found))

    def journal_config(self, files: Iterable[str | os.PathLike[str]]) -> list[Entry]:
        """What systemd complained of in lines of these unit files: CONFIG_FILE, CONFIG_LINE, MESSAGE and more."""
        return list(complaints(files, self.journal()))

    def show(self, unit: str, *properties: str, user: str | None = None) -> dict[str, str]:
        """`systemctl show`; a property that is printed more than once has its values on lines of their own."""
        options = [f"--property={','.join(properties)}"] if properties else []
        scope = ["--user"] if user else []
        printed = self.run("systemctl", *scope, "show", *options, "--", unit, user=user).stdout
        shown: dict[str, str] = {}
        for line in printed.splitlines():
            name, _, value = line.partition("=")
            shown[name] = f"{shown[name]}\n{value}" if name in shown else value
        return shown
