"""The workflow in `examples/ci`: what it runs, and with which rights."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "examples/ci/units.yml"
UNITS = 'from mkunit import Service\nService("web", exec_start="/usr/bin/true", nice={})\n'


@pytest.fixture
def jobs() -> dict[str, str]:
    """The text of each job."""
    text = FILE.read_text(encoding="utf-8").partition("\njobs:\n")[2]
    parts = re.split(r"^  (\w+):\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def scripts(job: str) -> list[str]:
    """What a job gives to the shell."""
    found = re.findall(r"^ *- run: (?:\|\n((?: {10}.*\n)+)|(.*)\n)", job, flags=re.MULTILINE)
    return [textwrap.dedent(block) or line for block, line in found]


def test_who_may_write_runs_no_units(jobs: dict[str, str]) -> None:
    """The one job with rights neither checks out what was proposed nor installs anything."""
    (name,) = [name for name, job in jobs.items() if "write" in re.findall(r"^ {6}[\w-]+: (\w+)$", job, re.MULTILINE)]
    assert name == "comment"
    assert "checkout" not in jobs[name]
    assert "mkunit" not in jobs[name]
    assert "pip" not in jobs[name]


def test_no_text_of_others_reaches_a_shell(jobs: dict[str, str]) -> None:
    """What GitHub fills in stands in variables, which are quoted."""
    for script in (script for job in jobs.values() for script in scripts(job)):
        assert "${{" not in script
        assert re.findall(r'(?<!")\$[A-Z]', script) == []


def test_plan(jobs: dict[str, str], tmp_path: Path) -> None:
    """The plan says what changes from the one branch to the other, and nothing else."""
    for folder, nice in (("before", 1), ("after", 2)):
        place = tmp_path / folder / "units" / "units"
        place.mkdir(parents=True)
        (place / "web.py").write_text(UNITS.format(nice), encoding="utf-8")
    (script,) = [script for script in scripts(jobs["plan"]) if "plan.md" in script]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/mkunit").write_text(f'#!/bin/sh\nexec {sys.executable} -m mkunit "$@"\n')
    (tmp_path / "bin/mkunit").chmod(0o755)
    summary = tmp_path / "summary.md"
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, check=True,
        env={**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(summary), "CI": "true"},
    )  # fmt: skip
    assert "| `web.service` | changed |" in summary.read_text(encoding="utf-8")
    assert "-Nice=1\n+Nice=2\n" in summary.read_text(encoding="utf-8")
