"""What mypy and pyright say of units files: the right ones pass, and each mistake is found on its own line."""

import json
import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent / "examples"
ROOT = Path(__file__).parents[2]
WANTED = {
    n for n, line in enumerate((EXAMPLES / "refused.py").read_text().splitlines(), 1) if line.endswith("# refused")
}


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def test_mypy(tmp_path: Path) -> None:
    """mypy, strict."""
    cache = f"--cache-dir={tmp_path}"
    right = run("mypy", "--strict", cache, str(EXAMPLES / "accepted.py"))
    wrong = run("mypy", "--strict", cache, str(EXAMPLES / "refused.py"))
    assert "Success" in right, right
    assert {int(line) for line in re.findall(r"refused\.py:(\d+): error", wrong)} == WANTED, wrong


def test_pyright() -> None:
    """pyright."""
    found = json.loads(run("pyright", "--pythonpath", sys.executable, "--outputjson", str(EXAMPLES)))
    errors = [(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in found["generalDiagnostics"]]
    assert found["summary"]["filesAnalyzed"] == 2
    assert {line for name, line in errors if name == "refused.py"} == WANTED
    assert [one for one in found["generalDiagnostics"] if one["file"].endswith("accepted.py")] == []


def test_accepted_by_mkunit_too() -> None:
    """The right examples are right when they run."""
    subprocess.run([sys.executable, str(EXAMPLES / "accepted.py")], check=True)
