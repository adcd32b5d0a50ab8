"""`mkunit build` of 500 sockets with their services, in one file and in 500: the time, and where it goes."""

import cProfile
import os
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mkunit.cli.main import main as mkunit

PAIRS = 500
PAIR = """
app{n} = Service("app{n}", exec_start=cmd("/usr/bin/app", "--name", "number {n}", "100%"), environment={{"N": {n}}},
                 user="app", restart="on-failure", state_directory="app{n}", hardening="basic")
Socket("app{n}", listen=[{port}, unix("/run/app{n}.sock")], socket_mode=0o660, activates=app{n})
"""
HEAD = "from mkunit import Service, Socket, cmd, unix\n"


def project(folder: Path, files: int) -> Path:
    """A project whose 500 pairs are spread over so many files."""
    (folder / "units").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.mkunit]\nsystemd = 252\n")
    share = PAIRS // files
    for number in range(files):
        pairs = range(number * share, (number + 1) * share)
        text = HEAD + "".join(PAIR.format(n=n, port=10000 + n) for n in pairs)
        (folder / f"units/part{number:03}.py").write_text(text)
    return folder


def seconds(folder: Path, *flags: str) -> float:
    command = [sys.executable, "-m", "mkunit", "-C", str(folder), "build", "--quiet", *flags]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for files in (1, PAIRS):
            folder = project(Path(name, f"in-{files}"), files)
            first, again = seconds(folder), min(seconds(folder) for _ in range(3))
            check = min(seconds(folder, "--check") for _ in range(3))
            print(f"1000 units in {files:3} files: first {first:.2f} s, unchanged {again:.2f} s, --check {check:.2f} s")
        profile = cProfile.Profile()
        profile.runcall(mkunit, ["-C", str(folder), "build", "--quiet", "--output", "again"])
        pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(rf"{os.sep}mkunit{os.sep}", 25)


if __name__ == "__main__":
    main()
