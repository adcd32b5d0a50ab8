"""A service that takes its sockets from systemd: sd_listen_fds(3), in plain Python and without a library."""

import os
import selectors
import signal
import socket
import sys

FIRST = 3  # 0, 1 and 2 are standard input, output and error


def handed() -> list[tuple[str, socket.socket]]:
    """The sockets that systemd has opened for this very process, each with the name that its unit gives it."""
    pid, count, names = (os.environ.pop(f"LISTEN_{what}", "") for what in ("PID", "FDS", "FDNAMES"))
    if pid != str(os.getpid()):
        return []  # there are none, or they are for a process that has started this one
    found = []
    for name, number in zip(names.split(":"), range(FIRST, FIRST + int(count)), strict=True):
        os.set_inheritable(number, False)  # nothing that we start shall hold them
        found.append((name, socket.socket(fileno=number)))  # Python asks the kernel what kind of socket it is
    return found


def main() -> None:
    doors = handed()
    if not doors:
        sys.exit("no sockets: start handed.socket, or try `mkunit run handed`")
    waiting = selectors.DefaultSelector()
    for name, listener in doors:
        waiting.register(listener, selectors.EVENT_READ, name)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    visitors = 0
    while True:
        ready = waiting.select()  # here a restart may end us: who is not yet accepted stays in the queue
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # and here it may not
        for key, _ in ready:
            connection, _ = key.fileobj.accept()
            with connection:
                visitors += key.data == "public"
                said = f"you are visitor {visitors}" if key.data == "public" else f"visitors so far: {visitors}"
                connection.sendall(f"{said}\n".encode())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


if __name__ == "__main__":
    main()
