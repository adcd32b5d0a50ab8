"""A terminal of its own for a process with other rights: what is typed goes in, what it writes comes out (pty(7))."""

import fcntl
import os
import select
import signal
import termios
import tty
from contextlib import suppress
from types import FrameType

from attrs import frozen

_CHUNK = 65536
_STREAMS = (0, 1, 2)
_REST = 0.1  # seconds


@frozen
class Terminal:
    """Both ends of it, the person's own terminal, and which of the standard streams are to be the new one."""

    master: int
    slave: int
    own: int
    streams: tuple[int | None, ...]

    @classmethod
    def of_streams(cls, user: int) -> "Terminal | None":
        """One that takes the place of the terminal that this process has; None where it has none."""
        terminals = [number for number in _STREAMS if os.isatty(number)]
        if not terminals:
            return None
        master, slave = os.openpty()
        os.fchown(slave, user, -1)
        found = cls(master, slave, terminals[-1], tuple(slave if n in terminals else None for n in _STREAMS))
        found.resize()
        if not found.is_typed:  # the person's own terminal turns line feeds into new lines
            mode = termios.tcgetattr(slave)
            mode[1] &= ~termios.OPOST
            termios.tcsetattr(slave, termios.TCSANOW, mode)
        return found

    @property
    def is_typed(self) -> bool:
        """Whether the person types into it."""
        return self.streams[0] is not None

    def resize(self) -> None:
        """As large as the person's."""
        with suppress(OSError):
            size = fcntl.ioctl(self.own, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def enter(self) -> None:
        """In the new session of the child: this is its terminal, by which Ctrl-C comes."""
        stream = next(number for number in _STREAMS if self.streams[number] is not None)
        fcntl.ioctl(stream, termios.TIOCSCTTY, 0)

    def serve(self, child: int) -> None:
        """Carry everything to and fro until the child has ended."""
        before = termios.tcgetattr(self.own)
        resized = signal.signal(signal.SIGWINCH, self._resized)
        ended = os.pidfd_open(child)
        try:
            if self.is_typed:  # what is typed is for the child, Ctrl-C too
                tty.setraw(0)
            self._carry(ended)
        finally:
            termios.tcsetattr(self.own, termios.TCSADRAIN, before)
            signal.signal(signal.SIGWINCH, resized)
            os.close(ended)
            os.close(self.master)

    def _resized(self, number: int, frame: FrameType | None) -> None:
        self.resize()

    def _carry(self, ended: int) -> None:
        sources = {self.master, ended} | ({0} if self.is_typed else set())
        while ended not in (ready := select.select(sources, [], [])[0]):
            if self.master in ready:
                _write(self.own, os.read(self.master, _CHUNK))
            if 0 in ready:
                typed = os.read(0, _CHUNK)
                if typed:
                    _write(self.master, typed)
                else:
                    sources.discard(0)
        self._rest()

    def _rest(self) -> None:
        """What the child has written last; a child of its own may keep the terminal open."""
        os.close(self.slave)
        with suppress(OSError):  # nobody is left at the other end
            while select.select([self.master], [], [], _REST)[0]:
                _write(self.own, os.read(self.master, _CHUNK))


def _write(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]
