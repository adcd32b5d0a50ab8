"""Runs in a machine: applies that are killed, or that fail, at each of their writes and calls in turn; prints what came of them.

    crash.py kill|ENOSPC|EACCES FIRST STEP

One line of JSON for each point: its number, the operation, the outcome, and what is wrong with it. Each apply is a fork
of this process, which has mkunit imported already.
"""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from mkunit.cli import apply as _apply
from mkunit.cli import recover as _recover
from mkunit.cli.main import main

MODULES = (_apply, _recover)
UNITS = Path("/etc/systemd/system")
PROJECT = Path("/srv/crash")
OPERATIONS = (
    "write",
    "fsync",
    "rename",
    "replace",
    "link",
    "symlink",
    "unlink",
    "mkdir",
    "rmdir",
    "ftruncate",
    "pwrite",
)
WRITES = ("write", "fsync", "replace", "symlink", "mkdir", "unlink")
NAMES = ("cr-a", "cr-b", "cr-c", "cr-d")
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

    def arm(self) -> None:
        for name in OPERATIONS:
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        subprocess.run = self._wrapped("systemctl", subprocess.run)

    def _wrapped(self, name, real):
        def operation(*arguments, **options):
            fails = self.how != "kill" and name in WRITES
            if fails and self._is_here():
                self._say(name)
                raise OSError(getattr(errno, self.how), os.strerror(getattr(errno, self.how)), "trap")
            found = real(*arguments, **options)
            if self.how == "kill" and self._is_here():
                self._say(name if name != "systemctl" else " ".join(map(str, arguments[0][:6])))
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return operation

    def _is_here(self) -> bool:
        self.count += 1
        return self.count == self.point

    def _say(self, name: str) -> None:
        with open("/run/crash-point", "w", encoding="utf-8") as file:
            file.writelines([name])


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
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def write(text: str) -> None:
    (PROJECT / "units/all.py").write_text(text, encoding="utf-8")


def picture() -> dict[str, object]:
    """Files and links byte for byte, and what runs with which command and which listener."""
    files = {
        str(p.relative_to(UNITS)): str(p.readlink()) if p.is_symlink() else p.read_text()
        for p in sorted(UNITS.rglob("*"))
        if not p.is_dir()
    }
    names = [f"{name}.service" for name in NAMES] + ["cr-a.socket"]
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
    return {"files": files, "units": kept, "running": sorted(line.partition(" ")[2] for line in running.splitlines())}


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


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
