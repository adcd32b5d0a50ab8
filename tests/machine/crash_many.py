"""Runs in a machine: applies that restart more units than whose invocations are known, killed in each call; prints what came of them.

One line of JSON for each point, as crash.py has them. What an apply was to bring, the next one takes back.
"""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import crash

MANY = 70
DELAYS = (0.0, 0.005, 0.05, 0.3)  # seconds after a call began; at once when it is done
UNITS = """\
from mkunit import Mount, Service, Socket, Timer
served = Service("cr-s", exec_start="/usr/bin/sleep 1000")
for i in range({many}):
    Socket(f"cr-s{{i}}", listen=[f"127.0.0.1:{{{port} + i}}"], activates=served)
Mount("/mnt/cr", what="cr-{port}", type="tmpfs")
Timer("cr-t", on_calendar="2000-01-01", accuracy_sec={port}, activates=served)
"""
NAMES = [*(f"cr-s{i}.socket" for i in range(MANY)), "mnt-cr.mount", "cr-t.timer"]
OLD, NEW = (UNITS.format(many=MANY, port=port) for port in (7500, 7600))
STARTED = "39f53479d3a045ac8e11786248231fbf"  # a unit was started, says systemd (SD_MESSAGE_UNIT_STARTED)


class Trap:
    """Ends the process in, or after, the call that is the point."""

    def __init__(self, point: int) -> None:
        self.call, self.delay = divmod(point, len(DELAYS))

    def arm(self) -> None:
        real = subprocess.run

        def run(call, **options):
            if call[1] != "--no-ask-password":
                return real(call, **options)
            self.call -= 1
            if self.call == -1:
                Path("/run/crash-point").write_text(f"{call[2]}, {DELAYS[self.delay]} s", encoding="utf-8")
                signal.setitimer(signal.ITIMER_REAL, DELAYS[self.delay])
            done = real(call, **options)
            if self.call == -1:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        subprocess.run = run


def picture() -> dict[str, object]:
    """What systemd says, and what the kernel does."""
    found = crash.picture(NAMES)
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return {**found, "mounted": [line.split()[0] for line in mounts if " /mnt/cr " in line]}


def starts(since: float) -> Counter:
    """How often each unit was started."""
    subprocess.run(["journalctl", "--sync"], check=True)
    words = ("-o", "json", "--output-fields=UNIT", f"--since=@{since:.6f}", f"MESSAGE_ID={STARTED}", "_PID=1")
    lines = subprocess.run(["journalctl", *words], capture_output=True, text=True, check=True).stdout.splitlines()
    return Counter(unit for line in lines if (unit := json.loads(line).get("UNIT")) in NAMES)


def one(point: int, pictures: dict[str, dict[str, object]], there: str) -> tuple[dict[str, object] | None, str]:
    """Interrupt the way from one to the other; the answer is None where there is no such point."""
    wanted = NEW if there == OLD else OLD
    crash.write(wanted)
    since = time.time()
    Path("/run/crash-point").unlink(missing_ok=True)
    code = crash.fork(crash.APPLY, Trap(point))
    if not Path("/run/crash-point").exists():
        return None, there
    after = crash.fork(crash.RECOVER)
    found = picture()
    ended = next((text for text, seen in pictures.items() if seen == found), "")
    wrong = [] if ended else [{key: [found[key], pictures[wanted][key]] for key in found}]
    if twice := {name: count for name, count in starts(since).items() if count > 1}:
        wrong.append(f"started more than once: {twice}")
    if code not in (-signal.SIGKILL, -signal.SIGALRM) or after:
        wrong.append(f"exit codes {code}, {after}: {Path('/run/crash-log').read_text(encoding='utf-8')}")
    outcome = "new" if ended == wanted else "old" if ended else "neither"
    at = Path("/run/crash-point").read_text(encoding="utf-8")
    return {"point": point, "at": at, "outcome": outcome, "wrong": wrong}, ended or wanted


def run() -> None:
    (crash.PROJECT / "units").mkdir(parents=True, exist_ok=True)
    pictures = {}
    for text in (NEW, OLD):
        crash.write(text)
        assert crash.fork(crash.APPLY) == 0, Path("/run/crash-log").read_text(encoding="utf-8")
        subprocess.run(["systemctl", "start", *NAMES], check=True)
        pictures[text] = picture()
    there = OLD
    for point in range(1000):
        found, there = one(point, pictures, there)
        if found is None:
            return
        print(json.dumps(found), flush=True)  # noqa: T201  this is what it is for


if __name__ == "__main__":
    run()
