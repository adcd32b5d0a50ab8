"""How a command gets into a machine: as whom, where, with which environment, and in which cgroup."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from attrs import frozen

_NAMESPACES = ("--mount", "--pid", "--cgroup", "--ipc", "--uts", "--net")
_CGROUP = "sys/fs/cgroup/system.slice/machine-shell.service/cgroup.procs"
_JOIN = 'procs=$1; shift; echo 0 >"$procs" && exec "$@"'
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@frozen
class Account:
    """A user of the machine, as its /etc/passwd has it."""

    name: str
    uid: int
    gid: int
    home: str

    @classmethod
    def find(cls, name: str, passwd: str) -> Self:
        """Look `name` up in the text of an /etc/passwd; KeyError when it is not there."""
        for line in passwd.splitlines():
            login, _, uid, gid, _, home, *_ = line.split(":")
            if login == name:
                return cls(name, int(uid), int(gid), home)
        raise KeyError(name)

    def environment(self) -> dict[str, str]:
        """What a login sets, and what `systemctl --user` looks for."""
        runtime = f"/run/user/{self.uid}"
        return {
            "HOME": self.home,
            "USER": self.name,
            "LOGNAME": self.name,
            "XDG_RUNTIME_DIR": runtime,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
        }


ROOT = Account("root", 0, 0, "/root")


def command(argv: tuple[str, ...], pid: int, account: Account, env: Mapping[str, str], cwd: str) -> list[str]:
    """The host's command line that runs `argv` in the machine of PID 1 `pid`."""
    join = ["sh", "-c", _JOIN, "sh", f"/proc/{pid}/root/{_CGROUP}"]
    enter = ["nsenter", "--target", str(pid), *_NAMESPACES, "--root", "--wd", "--"]
    become = ["setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--init-groups"]
    path = f"{Path(sys.executable).parent}:{_SYSTEM_PATH}"
    variables = {"PATH": path, "LANG": "C.UTF-8", "TERM": "dumb", **_login(account), **env}
    settings = [f"{name}={value}" for name, value in variables.items()]
    return [*join, *enter, *(become if account != ROOT else ()), "env", "-i", f"--chdir={cwd}", *settings, *argv]


def _login(account: Account) -> dict[str, str]:
    if account == ROOT:
        return {"HOME": account.home, "USER": account.name, "LOGNAME": account.name}
    return account.environment()


def execute(argv: list[str], text: str | None, timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a host's command line to its end, or kill it with its children when the time is over."""
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(text, timeout)
        except BaseException:
            _kill(process)
            raise
        return subprocess.CompletedProcess(argv, process.returncode, out, err)


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill the command with its children, but not nsenter, which led them into the machine.

    nsenter must reap the command: an orphan would be left to the host's init, and as long as that one takes no notice,
    the dead process keeps the machine's PID namespace alive.
    """
    deadline = time.monotonic() + 5
    while process.poll() is None and time.monotonic() < deadline:
        for pid in _group(process.pid) - {process.pid}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _group(leader: int) -> set[int]:
    """The pids of a process group."""
    members = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _state, _parent, group, *_ = stat.read_text(errors="replace").rpartition(")")[2].split()
            if int(group) == leader:
                members.add(int(stat.parent.name))
    return members
