"""What the catalogue adds to a cold start, held to 5 ms, and what checking one value costs, by type."""

import compileall
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import mkunit
from mkunit import catalog
from mkunit.catalog.values import check, describe

ROUNDS = 40
LIMIT = 0.005  # seconds
BASE = "import attrs"
OURS = f"{BASE}; from mkunit import catalog; catalog.keywords('service'); catalog.lookup('Service', 'ExecStart')"


def start(code: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return time.perf_counter() - began


def costs() -> dict[str, float]:
    """Seconds for one check of a good value of each type."""
    found = {}
    for section in ("Unit", "Service", "Socket", "Timer", "Mount", "Path"):
        for row in catalog.directives(section).values():
            good = describe(row).good
            if not good or row.value in found:
                continue
            check(row, good[0], 252)
            began = time.perf_counter()
            for _ in range(200):
                check(row, good[0], 252)
            found[row.value] = (time.perf_counter() - began) / 200
    return found


def main() -> int:
    compileall.compile_dir(Path(mkunit.__file__).parent, quiet=1)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    pairs = [(start(BASE, environment), start(OURS, environment)) for _ in range(ROUNDS)]
    added = statistics.median(ours - base for base, ours in pairs)
    fastest = min(ours for _, ours in pairs) - min(base for base, _ in pairs)
    print(f"the catalogue adds {added * 1000:.1f} ms to a start (fastest against fastest {fastest * 1000:.1f} ms)")
    times = sorted(costs().items(), key=lambda pair: pair[1])
    middle = statistics.median(seconds for _, seconds in times)
    print(f"one check of {len(times)} types: median {middle * 1e6:.1f} µs; the dearest:")
    for name, seconds in times[:-6:-1]:
        print(f"  {name:<24} {seconds * 1e6:6.1f} µs")
    return 0 if min(added, fastest) < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
