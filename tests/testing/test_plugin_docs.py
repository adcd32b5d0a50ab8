"""The page on reviews shows what its commands really print; `python tests/testing/test_plugin_docs.py` writes it anew."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs/review.md"
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def environment(home: Path) -> dict[str, str]:
    """Nothing of this machine's set-up, and the same widths and names everywhere."""
    names = ("AUTHOR", "COMMITTER")
    people = {
        f"GIT_{who}_{what}": value for who in names for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"))
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(home), "COLUMNS": "80", "LANG": "C.UTF-8", "GIT_PAGER": "cat", **people}


def shown(command: str, folder: Path, home: Path) -> str:
    """What a command prints; how long it took does not matter."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(home), text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return re.sub(r" in \d+\.\d+s\b", " in 0.10s", done.stdout)


def filled(page: str, folder: Path, home: Path) -> str:
    """The page with what its commands print, one after the other in one folder."""

    def block(match: re.Match[str]) -> str:
        kind, text = match.groups()
        if kind == "python":
            if found := re.match(r"# (\S+\.py)\n", text):
                (folder / found[1]).write_text(text.partition("\n")[2], encoding="utf-8")
            return match[0]
        commands = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        out = "".join(f"$ {command}\n{shown(command, folder, home)}" for command in commands)
        return f"```console\n{out}```\n"

    return BLOCK.sub(block, page)


def test_the_page_is_true(tmp_path: Path) -> None:
    """Every command prints what stands below it."""
    page = PAGE.read_text(encoding="utf-8")
    folder = tmp_path / "greetings"
    folder.mkdir()
    assert filled(page, folder, tmp_path) == page


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary, "greetings")
        project.mkdir()
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), project, Path(temporary)), encoding="utf-8")
