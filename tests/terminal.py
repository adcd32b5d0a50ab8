"""A pseudo-terminal to run mkunit in: what a person would see, and answers typed when they are asked for."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

MKUNIT = (sys.executable, "-m", "mkunit")
PATIENCE = 30.0  # seconds
_TAKE_THE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
_LEFT_OUT = ("CI", "NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR", "TERM", "COLORTERM", "PYTHONDONTWRITEBYTECODE")


class Seen(NamedTuple):
    """How it ended, what stood on the terminal, and what went to standard output where that was no terminal."""

    code: int
    text: str
    out: str


def environment(**more: str) -> dict[str, str]:
    """The environment without what changes how mkunit talks."""
    return {**{name: value for name, value in os.environ.items() if name not in _LEFT_OUT}, **more}


def on_terminal(
    arguments: Sequence[str],
    folder: Path,
    answers: Sequence[tuple[str, str]] = (),
    columns: int = 100,
    env: Mapping[str, str] | None = None,
    program: Sequence[str] = MKUNIT,
    piped: bool = False,
) -> Seen:
    """Run mkunit on a terminal; each answer is typed when the words before it have been shown."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE_THE_TERMINAL, *program, *arguments],
        stdin=slave, stdout=subprocess.PIPE if piped else slave, stderr=slave, cwd=folder, start_new_session=True,
        env=environment(**{"TERM": "xterm-256color", **(env or {})}),
    )  # fmt: skip
    os.close(slave)
    try:
        text = _talk(master, process, answers)
        out = process.stdout.read().decode() if process.stdout else ""
        return Seen(process.wait(PATIENCE), text.replace("\r\n", "\n"), out)
    finally:
        os.close(master)
        if process.stdout:
            process.stdout.close()
        if process.poll() is None:
            process.kill()
            process.wait()


def _talk(master: int, process: subprocess.Popen[bytes], answers: Sequence[tuple[str, str]]) -> str:
    seen, left, asked = b"", list(answers), 0
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if left and (place := seen.find(left[0][0].encode(), asked)) >= 0:
            asked = place + len(left[0][0].encode())
            time.sleep(0.05)  # nobody types faster, and a Ctrl-C before the program waits could be slept over
            os.write(master, left.pop(0)[1].encode())
        if not select.select([master], [], [], 0.1)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            chunk = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    return seen.decode()
