"""Which unit this process runs in, and how the work goes on in a unit of its own where that one is to end.

The environment goes through a file that only its owner reads: whoever asks systemd can see what `--setenv` says.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path

from mkunit.errors import Diagnostic, SystemdError
from mkunit.system.hosting import LEFT, cgroup
from mkunit.system.local import SYSTEMCTL, Local

AGREED = "MKUNIT_AGREED"  # the digest of the plans that the user has agreed to
_FILE = "MKUNIT_ENVIRONMENT"
# What systemd says to the process that it starts, and to no other.
_SYSTEMDS = re.compile(
    r"LISTEN_\w+|NOTIFY_SOCKET|(MAIN|MANAGER)PID|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID|WATCHDOG_\w+"
    r"|(CREDENTIALS|RUNTIME|STATE|CACHE|LOGS|CONFIGURATION)_DIRECTORY|MEMORY_PRESSURE_\w+|MONITOR_\w+|TRIGGER_\w+"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def arrived() -> bool:
    """Whether this process is one that goes on for another."""
    return LEFT in os.environ


def _manager() -> Local:
    return Local("system" if os.geteuid() == 0 else "user")


def possible() -> bool:
    """Whether the manager would take the work over; `systemd-run --wait` talks over the bus."""
    manager = _manager()
    bus = Path("/run/dbus/system_bus_socket" if manager.scope == "system" else f"{manager.runtime}/bus")
    return bool(shutil.which("systemd-run")) and manager.is_running() and bus.exists()


def leave(argv: Sequence[str], agreed: str, unit: str) -> int:
    """Run the same command in a unit of its own, to its end; the answer is its exit code."""
    manager = _manager()
    file = Path(manager.runtime, "mkunit", f"{unit}.environment")
    _write(file, {**os.environ, LEFT: cgroup(), AGREED: agreed, _FILE: str(file)})
    # A session of its own: Ctrl-C comes here alone, and is passed on.
    process = subprocess.Popen(
        [
            "systemd-run", *(["--user"] if manager.scope == "user" else []), "--quiet", "--collect", "--pipe", "--wait",
            "--service-type=exec", f"--unit={unit}", f"--working-directory={Path.cwd()}",
            f"--property=EnvironmentFile={file}", "--description=mkunit, at work on the unit that it was started in",
            "--", sys.executable, "-P", "-m", "mkunit", *argv,
        ],
        start_new_session=True, env={**os.environ, "XDG_RUNTIME_DIR": manager.runtime},
    )  # fmt: skip
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            manager.run(SYSTEMCTL, "kill", "--signal=SIGINT", "--", f"{unit}.service")
    if file.exists():
        file.unlink()
        message = f"`systemd-run` could not start it, exit status {code}; nothing was touched"
        raise SystemdError(Diagnostic("systemd-refused", message, "run mkunit outside of the units that it restarts"))
    return code


def arrive() -> None:
    """Go on for another process, whatever becomes of it, and of those who read what is said here."""
    with suppress(OSError):
        Path(os.environ.pop(_FILE, "")).unlink()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.stdout, sys.stderr = _deaf(1), _deaf(2)


class _Deaf(FileIO):
    """A stream that takes no notice where nobody reads it any more."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]  # what the buffer hands on
        except OSError:
            return memoryview(data).nbytes  # type: ignore[arg-type]  # as above


def _deaf(number: int) -> TextIOWrapper:
    raw = BufferedWriter(_Deaf(number, "w", closefd=False))
    return TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _write(file: Path, environment: Mapping[str, str]) -> None:
    """The environment as `EnvironmentFile=` reads it."""
    lines = "".join(
        f"{name}={_quoted(value)}\n"
        for name, value in {**environment, **_found_here()}.items()
        if _NAME.fullmatch(name) and not _SYSTEMDS.fullmatch(name) and _is_text(value)
    )
    file.parent.mkdir(mode=0o755, exist_ok=True)
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(lines)


def _found_here() -> dict[str, str]:
    """Where mkunit is found, should that be the working folder, which the new process does not look into."""
    package = str(Path(__file__).parent.parent.parent)
    if package != str(Path.cwd()):
        return {}
    return {"PYTHONPATH": os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])}


def _quoted(value: str) -> str:
    return '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
