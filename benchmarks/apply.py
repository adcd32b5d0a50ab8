"""What `mkunit apply` costs beside systemd itself, for 1,000 sockets on the real systemd, in a throw-away machine.

Held to: applying 1,000 changed sockets takes at most 1.3 times what one daemon-reload and one systemctl call take, in
one run; an apply of 1,000 units that changes nothing takes under 2 seconds, and calls no verb of systemctl's.
"""

import sys
import time
from collections.abc import Callable

from mkunit.testing.machine import Machine

COUNT = 1000
RATIO, SECONDS = 1.3, 2.0
UNITS = """\
from mkunit import Service, Socket
for i in range({count}):
    service = Service(f"bench{{i}}", exec_start="/usr/bin/sleep 9")
    Socket(f"bench{{i}}", listen=[f"127.0.0.1:{word}{{i:03}}"], activates=service)
"""


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> int:
    names = [f"bench{i}.socket" for i in range(COUNT)]
    with Machine() as machine:

        def mkunit(*words: str) -> str:
            command = (machine.python, "-m", "mkunit", "-q", "-C", "/srv/bench", *words)
            return machine.run(*command, timeout=600).stdout

        def write(word: str) -> None:
            machine.write("/srv/bench/units/all.py", UNITS.format(count=COUNT, word=word))

        write("20")
        first = timed(lambda: mkunit("apply", "--yes"))

        def by_systemd(before: str, after: str) -> tuple[float, float]:
            """The same by systemd alone: the files are there already, and nothing is looked at afterwards."""
            machine.sh(f"sed -i 's,0.1:{before},0.1:{after},' /etc/systemd/system/bench*.socket")
            reload = timed(lambda: machine.run("systemctl", "daemon-reload"))
            return reload, timed(lambda: machine.run("systemctl", "restart", *names, timeout=600))

        alone, ours, planned = [], [], 0.0
        for old, new in (("20", "21"), ("21", "22"), ("22", "23")):
            alone.append(by_systemd(old, new))
            by_systemd(new, old)
            write(new)
            planned = timed(lambda: mkunit("plan"))
            ours.append(timed(lambda: mkunit("apply", "--yes")))
        (reload, restart), changed = min(alone, key=sum), min(ours)
        since = machine.sh("date +%s.%N").stdout.strip()
        unchanged = min(timed(lambda: mkunit("apply", "--yes")) for _ in range(3))
        nothing = min(timed(lambda: mkunit("plan")) for _ in range(3))
        log = machine.run("journalctl", "--since", f"@{since}", "-o", "cat", "_PID=1").stdout
    ratio = changed / (reload + restart)
    print(f"first apply of {2 * COUNT} units            {first:6.2f} s")
    print(f"plan of {COUNT} changed sockets           {planned:6.2f} s")
    print(f"apply of {COUNT} changed sockets          {changed:6.2f} s")
    print(f"systemd: daemon-reload, one restart     {reload + restart:6.2f} s ({reload:.2f} + {restart:.2f})")
    print(f"ratio                                   {ratio:6.2f}   (limit {RATIO})")
    print(f"unchanged apply of {2 * COUNT} units        {unchanged:6.2f} s (limit {SECONDS})")
    print(f"unchanged plan of {2 * COUNT} units         {nothing:6.2f} s")
    quiet = "Reloading" not in log
    print(f"systemd was {'not ' if quiet else ''}asked to reload by those")
    return 0 if ratio <= RATIO and unchanged < SECONDS and quiet else 1


if __name__ == "__main__":
    sys.exit(main())
