"""A program that somebody else's rights are enough for: root starts it, and gives it nothing of root's."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

from mkunit.system.person import Person
from mkunit.system.relay import Terminal

_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def run(person: Person, argv: Sequence[str], folder: str, environment: Mapping[str, str]) -> int:
    """A program as somebody else, to its end; the answer is its exit code.

    It has a session of its own, and a terminal of its own where there is one: whoever has another's terminal can type
    into it (ioctl_tty(2), TIOCSTI), and what is typed there is root's.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    terminal = Terminal.of_streams(person.uid)
    stdin, stdout, stderr = terminal.streams if terminal else (None, None, None)
    child = subprocess.Popen(
        argv, stdin=stdin, stdout=stdout, stderr=stderr, cwd=folder, env=environment, start_new_session=True,
        user=person.uid, group=person.gid, extra_groups=person.groups, preexec_fn=terminal.enter if terminal else None,
    )  # fmt: skip
    return _ended(child, terminal)


def _ended(child: "subprocess.Popen[bytes]", terminal: Terminal | None) -> int:
    """Wait for it; what this process is told to do, that one is told, too."""

    def tell(number: int, frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)

    before = {number: signal.signal(number, tell) for number in _PASSED_ON}
    try:
        if terminal:
            terminal.serve(child.pid)
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
