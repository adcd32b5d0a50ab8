"""A command that is run until it ends, or until the user has seen enough: then it ends with all that it started."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from mkunit.errors import Diagnostic, SystemdError

PATIENCE = 5.0  # seconds between the polite and the other signal


def attend(command: Sequence[str], folder: str, *, to_stderr: bool = False) -> int | None:
    """The exit code of the command, None where Ctrl-C, or whoever ends this process, ended it.

    What it says goes to standard output, or to standard error where the other is for data alone.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    held = signal.signal(signal.SIGTERM, end)
    try:
        # A session of its own: Ctrl-C comes here alone, and what is started below can be ended as a whole.
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=2 if to_stderr else None, start_new_session=True
        )
        try:
            return process.wait()
        except KeyboardInterrupt:
            return None
        finally:
            _end(process)
    except FileNotFoundError:
        message = f"there is no `{command[0]}` on this machine"
        raise SystemdError(Diagnostic("no-systemd", message, "it comes with systemd")) from None
    finally:
        signal.signal(signal.SIGTERM, held)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole session, its leader and what that has left behind."""
    held = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and _is_there(process):
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    signal.signal(signal.SIGINT, held)


def _is_there(process: subprocess.Popen[bytes]) -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True
