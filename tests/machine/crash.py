"""Runs in a machine: applies that are killed, or that fail, at each of their writes and calls in turn; prints what came of them.

    crash.py kill|ENOSPC|EACCES FIRST STEP
    crash.py count

One line of JSON for each point: its number, the operation, the outcome, and what is wrong with it. Each apply is a fork
of this process, which has mkunit imported already. `count` prints what would be interrupted of an apply, and what Python
itself tells its auditors of it (audit events of the standard library), so that nothing is forgotten here.
"""

import builtins
import errno
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mkunit.cli import apply as _apply
from mkunit.cli import recover as _recover
from mkunit.cli.main import main

MODULES = (_apply, _recover)
UNITS = Path("/etc/systemd/system")
PROJECT = Path("/srv/crash")
# Each with the audit event that it causes; of writes and fsyncs Python tells nothing.
OPERATIONS = {
    "open": "open",
    "write": "",
    "pwrite": "",
    "fsync": "",
    "rename": "os.rename",
    "replace": "os.rename",
    "link": "os.link",
    "symlink": "os.symlink",
    "unlink": "os.remove",
    "remove": "os.remove",
    "mkdir": "os.mkdir",
    "rmdir": "os.rmdir",
    "ftruncate": "os.truncate",
    "truncate": "os.truncate",
    "fchmod": "os.chmod",
    "chmod": "os.chmod",
    "utime": "os.utime",
    "systemctl": "subprocess.Popen",  # and every other program
}
SCRATCH = tempfile.gettempdir()
SHOWN = ("cr-a.service", "cr-b.service", "cr-c.service", "cr-d.service", "cr-a.socket")
HEAD = "from mkunit import Service, Socket\n"
STARTED = "exec_start_pre=\"/bin/sh -c 'echo %n >>/run/crash-starts'\""
OLD = (
    HEAD
    + f"""\
a = Service("cr-a", exec_start="/usr/bin/sleep 1001", {STARTED})
Socket("cr-a", listen=[7401], activates=a)
Service("cr-b", exec_start="/usr/bin/sleep 1001", wanted_by="machine.target", {STARTED})
Service("cr-c", exec_start="/usr/bin/sleep 1001", wanted_by="machine.target", {STARTED})
"""
)
NEW = (
    HEAD
    + f"""\
a = Service("cr-a", exec_start="/usr/bin/sleep 1002", {STARTED})
Socket("cr-a", listen=[7402], activates=a)
Service("cr-b", exec_start="/usr/bin/sleep 1002", wanted_by="machine.target", {STARTED})
Service("cr-d", exec_start="/usr/bin/sleep 1002", wanted_by="machine.target", {STARTED})
"""
)
APPLY = ("-q", "-C", str(PROJECT), "apply", "--yes", "--settle", "0")
RECOVER = ("-q", "-C", str(PROJECT), "recover", "--settle", "0")


class Trap:
    """Counts operations, and ends the process, or fails, after so many."""

    def __init__(self, how: str, point: int) -> None:
        self.how, self.point, self.count = how, point, 0
        self.tried, self.audited, self.scratch = Counter(), Counter(), Counter()

    def arm(self) -> None:
        if self.how == "count":
            sys.addaudithook(self._hear)
        for name in OPERATIONS:
            if name != "systemctl":
                setattr(os, name, self._wrapped(name, getattr(os, name)))
        io.open = builtins.open = self._wrapped("open", io.open)
        subprocess.run = self._wrapped("systemctl", subprocess.run)

    def _hear(self, event, arguments) -> None:
        if event in OPERATIONS.values() and (event != "open" or arguments[2] & (os.O_CREAT | os.O_TRUNC)):
            self.audited[event] += 1

    def told(self) -> dict[str, object]:
        """What was tried, by audit event and by name, and what was heard of it."""
        tried = Counter()
        for name, count in self.tried.items():
            tried[OPERATIONS[name]] += count
        del tried[""]
        return {"trapped": tried, "audited": self.audited, "names": self.tried}

    def _wrapped(self, name, real):
        def operation(*arguments, **options):
            if name == "open" and not makes(*arguments[1:], **options):
                return real(*arguments, **options)
            self.tried[name] += 1
            if self._is_scratch(name, arguments[0], options):
                return real(*arguments, **options)
            fails = self.how in ("ENOSPC", "EACCES") and name != "systemctl"
            if fails and self._is_here():
                self._say(name)
                raise OSError(getattr(errno, self.how), os.strerror(getattr(errno, self.how)), "trap")
            found = real(*arguments, **options)
            if self.how == "kill" and self._is_here():
                self._say(name if name != "systemctl" else " ".join(map(str, arguments[0][:6])))
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return operation

    def _is_scratch(self, name, first, options) -> bool:
        """Whether it is in a folder for temporary files, where one point of each kind stands for all."""
        path = str(first) if isinstance(first, str | os.PathLike) else ""
        if not path.startswith(SCRATCH) and options.get("dir_fd") is None:
            return False
        self.scratch[name] += 1
        return self.scratch[name] > 1

    def _is_here(self) -> bool:
        self.count += 1
        return self.count == self.point

    def _say(self, name: str) -> None:
        with open("/run/crash-point", "w", encoding="utf-8") as file:
            file.writelines([name])


def makes(flags=0, *_, mode="r", **__) -> bool:
    """Whether an `os.open` or an `io.open` may make a file, or empty one."""
    if isinstance(flags, int) and flags:
        return bool(flags & (os.O_CREAT | os.O_TRUNC))
    return not set("wxa").isdisjoint(flags or mode if isinstance(mode, str) else "")


def fork(arguments: tuple[str, ...], trap: Trap | None = None) -> int:
    """One command in a process of its own: its exit code, or -9."""
    pid = os.fork()
    if pid == 0:
        log = os.open("/run/crash-log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 2)
        if trap:
            trap.arm()
        code = 99
        try:
            code = main(arguments)
            if trap and trap.how == "count":
                told = json.dumps(trap.told())
                Path("/run/crash-count").write_text(told, encoding="utf-8")
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def write(text: str) -> None:
    (PROJECT / "units/all.py").write_text(text, encoding="utf-8")


def picture(names: Sequence[str] = SHOWN) -> dict[str, object]:
    """Files and links byte for byte, and what runs with which command and which listener."""
    files = {
        str(p.relative_to(UNITS)): str(p.readlink()) if p.is_symlink() else p.read_text()
        for p in sorted(UNITS.rglob("*"))
        if not p.is_dir()
    }
    shown = subprocess.run(
        ["systemctl", "show", "-p", "Id,ActiveState,UnitFileState,NeedDaemonReload,Listen,ExecStart", *names],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    kept = [line.partition(" ; ignore_errors")[0] for line in shown.splitlines()]
    running = subprocess.run(
        ["pgrep", "-af", "^/usr/bin/sleep 100"], capture_output=True, text=True, check=False
    ).stdout
    listening = subprocess.run(["ss", "-ltnH"], capture_output=True, text=True, check=True).stdout
    return {
        "files": files,
        "units": kept,
        "running": sorted(line.partition(" ")[2] for line in running.splitlines()),
        "listening": sorted(line.split()[3] for line in listening.splitlines()),
    }


def starts() -> list[str]:
    try:
        return Path("/run/crash-starts").read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []


def settle_at(text: str) -> dict[str, object]:
    write(text)
    assert fork(APPLY) == 0, Path("/run/crash-log").read_text(encoding="utf-8")
    subprocess.run(["systemctl", "start", "cr-a.service"], check=True)
    return picture()


def one(how: str, point: int, old: dict[str, object], new: dict[str, object]) -> dict[str, object] | None:
    """Interrupt the apply of the new units at one point; None where it has fewer."""
    write(NEW)
    before = len(starts())
    Path("/run/crash-point").unlink(missing_ok=True)
    code = fork(APPLY, Trap(how, point))
    said = Path("/run/crash-log").read_text(encoding="utf-8")
    if not Path("/run/crash-point").exists():
        return None
    after = fork(RECOVER)
    said += Path("/run/crash-log").read_text(encoding="utf-8")
    found = picture()
    outcome = "old" if found == old else "new" if found == new else "neither"
    started = starts()[before:]
    wrong = []
    if outcome == "neither":
        wrong.append(
            {key: [found[key], old[key], new[key]] for key in found if found[key] != old[key] or found[key] != new[key]}
        )
    if how == "kill" and any(started.count(name) > 1 for name in started):
        wrong.append(f"restarted: {started}")
    if after != 0 or "Traceback" in said or (how == "kill") != (code == -9):
        wrong.append(f"exit codes {code}, {after}: {said}")
    if outcome != "old":
        settle_at(OLD)
    return {
        "point": point,
        "at": Path("/run/crash-point").read_text(encoding="utf-8"),
        "outcome": outcome,
        "wrong": wrong,
    }


def run(how: str, first: int, step: int) -> None:
    (PROJECT / "units").mkdir(parents=True, exist_ok=True)
    new = settle_at(NEW)
    old = settle_at(OLD)
    for point in range(first, 1000, step):
        found = one(how, point, old, new)
        if found is None:
            return
        print(json.dumps(found), flush=True)  # noqa: T201  this is what it is for


def count() -> None:
    (PROJECT / "units").mkdir(parents=True, exist_ok=True)
    settle_at(OLD)
    write(NEW)
    assert fork(APPLY, Trap("count", 0)) == 0
    print(Path("/run/crash-count").read_text(encoding="utf-8"))  # noqa: T201  as above


if __name__ == "__main__":
    count() if sys.argv[1] == "count" else run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
