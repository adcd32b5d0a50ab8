"""What `mkunit apply` costs beside systemd itself, for 1,000 sockets on the real systemd, in throw-away machines.

    python -m benchmarks.apply [tcp] [unix]

Held to, for TCP and for Unix sockets: applying 1,000 changed sockets takes at most 1.3 times what one daemon-reload and
one systemctl call take, in one run; an apply of 1,000 units that changes nothing takes under 2 seconds, and calls no
verb of systemctl's. The first apply is shown beside what systemd alone takes to read and start the same.
"""

import sys
import time
from collections.abc import Callable

from attrs import frozen

from mkunit.testing.machine import Machine

COUNT = 1000
RATIO, SECONDS = 1.3, 2.0
TRIES = 3
FOLDER = "/etc/systemd/system"
UNITS = """\
from mkunit import Service, Socket
for i in range({count}):
    service = Service(f"bench{{i}}", exec_start="/usr/bin/sleep 9")
    Socket(f"bench{{i}}", listen=[f"{address}"], activates=service)
"""
KINDS = {"tcp": "127.0.0.1:{word}{{i:03}}", "unix": "/run/bench/{word}-{{i:03}}"}
NAMES = [f"bench{i}.socket" for i in range(COUNT)]


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


@frozen
class Bench:
    """A machine, and the sockets of one kind on it."""

    machine: Machine
    kind: str

    def mkunit(self, *words: str) -> float:
        command = (self.machine.python, "-m", "mkunit", "-q", "-C", "/srv/bench", *words)
        return timed(lambda: self.machine.run(*command, timeout=600))

    def write(self, word: str) -> None:
        address = KINDS[self.kind].format(word=word)
        self.machine.write("/srv/bench/units/all.py", UNITS.format(count=COUNT, address=address))

    def systemctl(self, *words: str) -> float:
        return timed(lambda: self.machine.run("systemctl", *words, timeout=600))

    def alone(self, before: str, after: str) -> tuple[float, float]:
        """The same by systemd alone: the files are there already, and nothing is looked at afterwards."""
        old, new = (KINDS[self.kind].partition("{")[0] + word for word in (before, after))
        self.machine.sh(f"sed -i 's,{old},{new},' {FOLDER}/bench*.socket")
        return self.systemctl("daemon-reload"), self.systemctl("restart", *NAMES)

    def anew(self) -> float:
        """All of it by systemd alone, from files that are there."""
        self.systemctl("stop", *NAMES)
        return self.systemctl("daemon-reload") + self.systemctl("start", *NAMES)


def measured(kind: str) -> bool:
    """Print the figures of one kind; whether they hold."""
    with Machine() as machine:
        bench = Bench(machine, kind)
        bench.write("20")
        first, anew = bench.mkunit("apply", "--yes"), bench.anew()
        alone, ours, planned = [], [], []
        for old, new in [(str(20 + i), str(21 + i)) for i in range(TRIES)]:
            alone.append(bench.alone(old, new))
            bench.alone(new, old)
            bench.write(new)
            planned.append(bench.mkunit("plan"))
            ours.append(bench.mkunit("apply", "--yes"))
        since = machine.sh("date +%s.%N").stdout.strip()
        unchanged = min(bench.mkunit("apply", "--yes") for _ in range(TRIES))
        nothing = min(bench.mkunit("plan") for _ in range(TRIES))
        log = machine.run("journalctl", "--since", f"@{since}", "-o", "cat", "_PID=1").stdout
    reload, restart = min(alone, key=sum)
    quiet = "Reloading" not in log
    ratio = min(ours) / (reload + restart)
    print(f"{COUNT} {kind} sockets, each with a service")
    print(f"  first apply of {2 * COUNT} units          {first:6.2f} s")
    print(f"  systemd: daemon-reload, one start     {anew:6.2f} s")
    print(f"  plan of {COUNT} changed sockets         {min(planned):6.2f} s")
    print(f"  apply of {COUNT} changed sockets        {min(ours):6.2f} s")
    print(f"  systemd: daemon-reload, one restart   {reload + restart:6.2f} s ({reload:.2f} + {restart:.2f})")
    print(f"  ratio                                 {ratio:6.2f}   (limit {RATIO})")
    print(f"  unchanged apply of {2 * COUNT} units      {unchanged:6.2f} s (limit {SECONDS})")
    print(f"  unchanged plan of {2 * COUNT} units       {nothing:6.2f} s")
    print(f"  systemd was {'not ' if quiet else ''}asked to reload by those", flush=True)
    return ratio <= RATIO and unchanged < SECONDS and quiet


def main() -> int:
    kinds = sys.argv[1:] or list(KINDS)
    held = [measured(kind) for kind in kinds]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
