"""How long commands that ask nothing take, against the import of attrs and argparse: what is short is held to 1.3."""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mkunit

ROUNDS = 40
LIMIT = 1.3
BASE = [sys.executable, "-c", "import attrs, argparse"]
OURS = str(Path(sys.executable).with_name("mkunit"))
COMPLETE = 'source "$0"; COMP_WORDS=(mkunit show d); COMP_CWORD=2; _mkunit'
HELD = {"--version": [], "socket": ["web", "--listen-stream", "8080", "--dry-run"]}
SHOWN = {
    "service": ["web", "--exec", "/usr/bin/true", "--dry-run"],
    "timer": ["t", "--on-calendar", "daily", "--dry-run"],
    "path": ["p", "--exists", "/srv/x", "--dry-run"],
    "mount": ["/mnt/a", "--what", "/dev/vdb1", "--dry-run"],
    "automount": ["/mnt/a", "--what", "/dev/vdb1", "--dry-run"],
    "swap": ["/dev/vdb2", "--dry-run"],
    "target": ["all", "--wants", "web.service", "--dry-run"],
    "slice": ["batch", "--dry-run"],
    "completions": ["bash"],
}


def once(command: list[str], environment: dict[str, str]) -> float:
    """Seconds from start to end, with standard output in a pipe."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return time.perf_counter() - start


def measure(commands: dict[str, list[str]], environment: dict[str, str]) -> dict[str, float]:
    """Each command's share of what the imports take, the better of two ways to say it: the machine may be busy."""
    rounds = [
        (once(BASE, environment), {name: once(command, environment) for name, command in commands.items()})
        for _ in range(ROUNDS)
    ]
    bases = [base for base, _ in rounds]
    print(f"import attrs, argparse   {statistics.median(bases) * 1000:6.1f} ms  (median of {ROUNDS})")
    found = {}
    for name in commands:
        times = [took[name] for _, took in rounds]
        found[name] = min(statistics.median(times) / statistics.median(bases), min(times) / min(bases))
        print(f"mkunit {name:<18}{statistics.median(times) * 1000:6.1f} ms   {found[name]:.2f}")
    return found


def main() -> int:
    # As an installed package is: with its bytecode beside it, which an editable install has only after a first run.
    compileall.compile_dir(Path(mkunit.__file__).parent, quiet=1)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    with tempfile.NamedTemporaryFile("w", suffix=".bash") as script:
        script.write(subprocess.run([OURS, "completions", "bash"], capture_output=True, text=True, check=True).stdout)
        script.flush()
        commands = {name: [OURS, name, *rest] for name, rest in {**HELD, **SHOWN}.items()}
        found = measure({"(a Tab)": ["bash", "--norc", "-c", COMPLETE, script.name], **commands}, environment)
    return 0 if max(found[name] for name in ("(a Tab)", *HELD)) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
