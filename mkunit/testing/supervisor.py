"""Starts the process that boots a machine and clears up after it, even when the tests are killed."""

import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from os import geteuid
from pathlib import Path
from typing import IO, Self

import attrs
from attrs import field, frozen

_SCRIPT = Path(__file__).with_name("boot.sh")
_PACKAGE = Path(__file__).parent.parent
_TOOLS = ("unshare", "nsenter", "setpriv", "mount", "pivot_root")
_READY = "run/machine-ready"


class MachineError(RuntimeError):
    """A machine that did not boot; the message ends with what it printed."""


@frozen
class Supervisor:
    """One booted machine, by the process that holds it and by the host's number of its PID 1."""

    pid: int
    process: subprocess.Popen[str] = field(repr=False)
    log: IO[str] = field(repr=False)

    @property
    def name(self) -> str:
        """What boot.sh calls the machine's cgroup."""
        return f"mkunit-machine-{self.process.pid}"

    @classmethod
    def boot(cls, layer: Path | None, timeout: float) -> Self:
        """Boot a machine, with the files of `layer` laid over those of the host, and wait until it is up."""
        process, log = _start(layer)
        assert process.stdout is not None
        supervisor = cls(int(process.stdout.readline() or 0), process, log)
        try:
            supervisor._wait(time.monotonic() + timeout)
        except BaseException:
            supervisor.stop()
            raise
        return supervisor

    def _wait(self, deadline: float) -> None:
        host = Path("/proc", str(self.pid))
        while not (host / "root" / _READY).exists():
            if self.pid == 0 or not host.exists():
                raise MachineError(f"the machine stopped while it booted\n{_text(self.log)}")
            if time.monotonic() > deadline:
                raise MachineError(f"the machine did not boot in time\n{_text(self.log)}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Kill everything in the machine and wait until nothing is left of it."""
        self.process.communicate()
        self.log.close()


def _start(layer: Path | None, *, probe: bool = False) -> tuple[subprocess.Popen[str], IO[str]]:
    """Start boot.sh, which lives until its standard input closes; a session of its own keeps Ctrl-C from it."""
    log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  closed by stop()
    arguments = [layer or "", "probe" if probe else "", *_folders()]
    process = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", "sh", _SCRIPT, "supervise", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,
    )
    return process, log


def _folders() -> list[Path]:
    """What the interpreter, mkunit and what it needs are read from, wherever that is mounted; outermost first."""
    found = (Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), _PACKAGE.parent, Path(attrs.__file__).parent.parent)
    return sorted({folder.resolve() for folder in found})


def _text(log: IO[str]) -> str:
    log.seek(0)
    return log.read().strip()


@cache
def unavailable() -> str | None:
    """Why no machine can be booted here, or None: it is tried, up to the point where systemd would start."""
    if not sys.platform.startswith("linux"):
        return "a machine needs Linux"
    if geteuid() != 0:
        return "booting a machine needs root"
    if missing := [tool for tool in _TOOLS if shutil.which(tool) is None]:
        return f"booting a machine needs {', '.join(missing)} (util-linux, mount)"
    if not Path("/lib/systemd/systemd").exists():
        return "booting a machine needs systemd"
    process, log = _start(None, probe=True)
    with log:
        process.communicate()
        return None if process.returncode == 0 else f"no machine can be set up here: {_text(log) or process.returncode}"
