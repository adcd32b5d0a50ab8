"""A program that somebody else's rights are enough for: root starts it, and gives it nothing of root's."""

import os
import signal
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
    terminal = Terminal.of_streams()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            if terminal:
                terminal.enter(person.uid)
            _become(person)
            os.chdir(folder)
            os.closerange(3, 1 << 16)
            os.execve(argv[0], list(argv), dict(environment))
        except BaseException as error:  # whatever it is, root's own code does not go on in two processes
            os.write(2, f"mkunit: {argv[0]}: {error}\n".encode("utf-8", "replace"))
        finally:
            os._exit(126)
    return _ended(child, terminal)


def _become(person: Person) -> None:
    os.setgroups(person.groups)
    os.setresgid(person.gid, person.gid, person.gid)
    os.setresuid(person.uid, person.uid, person.uid)


def _ended(child: int, terminal: Terminal | None) -> int:
    """Wait for it; what this process is told to do, that one is told, too."""

    def tell(number: int, frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(child, number)

    before = {number: signal.signal(number, tell) for number in _PASSED_ON}
    try:
        if terminal:
            terminal.serve(child)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
