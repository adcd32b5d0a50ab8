"""How long a one-off socket takes to print, against the import of attrs and argparse: the ratio is held to 1.3."""

import compileall
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import mkunit

ROUNDS = 40
LIMIT = 1.3
BASE = [sys.executable, "-c", "import attrs, argparse"]
OURS = [str(Path(sys.executable).with_name("mkunit")), "socket", "web", "--listen-stream", "8080", "--dry-run"]


def once(command: list[str], environment: dict[str, str]) -> float:
    """Seconds from start to end, with standard output in a pipe."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - start


def main() -> int:
    # As an installed package is: with its bytecode beside it, which an editable install has only after a first run.
    compileall.compile_dir(Path(mkunit.__file__).parent, quiet=1)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    pairs = [(once(BASE, environment), once(OURS, environment)) for _ in range(ROUNDS)]
    base, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    fastest = min(ours for _, ours in pairs) / min(base for base, _ in pairs)
    print(f"import attrs, argparse   {base * 1000:6.1f} ms  (median of {ROUNDS})")
    print(f"mkunit socket --dry-run  {ours * 1000:6.1f} ms")
    print(f"ratio                    {ours / base:6.2f}     (fastest against fastest {fastest:.2f}; limit {LIMIT})")
    return 0 if min(ours / base, fastest) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
