"""An apply on the real systemd, killed after each of its writes and calls, and failing at each write, in turn."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bench import quicken

from mkunit.testing.machine import Machine

SCRIPT = Path(__file__).with_name("crash.py")
SHARES = 2  # machines at a time


def share(machines: type[Machine], how: str, first: int) -> list[dict[str, object]]:
    """Every second point, on a machine of its own."""
    with machines() as machine:
        quicken(machine)
        machine.write("/opt/crash.py", SCRIPT.read_text(encoding="utf-8"))
        done = machine.run(machine.python, "/opt/crash.py", how, str(first), str(SHARES), timeout=300)
        return [json.loads(line) for line in done.stdout.splitlines()]


def test_nothing_is_forgotten(machine: Machine) -> None:
    """Every file that an apply makes, renames or removes, and every program that it calls, is one of the points."""
    quicken(machine)
    machine.write("/opt/crash.py", SCRIPT.read_text(encoding="utf-8"))
    told = json.loads(machine.run(machine.python, "/opt/crash.py", "count").stdout)
    assert told["trapped"] == told["audited"]
    assert {"open", "write", "fsync", "replace", "symlink", "unlink", "systemctl"} <= told["names"].keys()


def test_many_units(machine: Machine, figure: Callable[[str], None]) -> None:
    """More sockets than whose invocations are known, a mount and a timer that has elapsed: none is started twice."""
    quicken(machine)
    machine.write("/opt/crash.py", SCRIPT.read_text(encoding="utf-8"))
    machine.write("/opt/crash_many.py", SCRIPT.with_name("crash_many.py").read_text(encoding="utf-8"))
    done = machine.run(machine.python, "/opt/crash_many.py", timeout=300)
    points = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [point for point in points if point["wrong"]]
    assert not wrong, json.dumps(wrong[:3], indent=1)
    figure(f"many: {len(points)} points, {Counter(point['outcome'] for point in points)['new']} to the new")
    assert {point["at"].partition(",")[0] for point in points} >= {"daemon-reload", "restart"}


@pytest.mark.parametrize("how", ["kill", "ENOSPC", "EACCES"])
def test_every_point(machines: type[Machine], how: str, figure: Callable[[str], None]) -> None:
    """Afterwards all is old or all is new: files, links, what runs and listens; and nothing was started twice."""
    with ThreadPoolExecutor(SHARES) as pool:
        shares = pool.map(lambda first: share(machines, how, first), range(1, SHARES + 1))
    points = [point for found in shares for point in found]
    wrong = [point for point in points if point["wrong"]]
    assert not wrong, json.dumps(wrong[:3], indent=1)
    outcomes = Counter(point["outcome"] for point in points)
    figure(f"{how}: {len(points)} points, {outcomes['old']} to the old, {outcomes['new']} to the new")
    assert len(points) > 60
