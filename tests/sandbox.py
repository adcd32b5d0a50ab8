"""A project in a folder of its own, and mkunit run in it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from terminal import MKUNIT, PATIENCE, Seen, environment, on_terminal

from mkunit.cli.main import main

SOCKET = 'from mkunit import Socket\nSocket("{}", listen=[{}])\n'


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Project:
    """A folder with units files."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys

    def write(self, path: str, text: str) -> Path:
        """A file of the project."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    def socket(self, name: str = "web", port: int = 8080) -> Path:
        """A units file with a socket."""
        return self.write(f"units/{name}.py", SOCKET.format(name, port))

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def run(self, *arguments: str) -> Ended:
        """mkunit in this process, as if it were called in the project's folder."""
        self.capsys.readouterr()
        code = main(["-C", str(self.root), *arguments])
        return Ended(code, *self.capsys.readouterr())

    def shell(self, *arguments: str, folder: str = ".", **more: str) -> Ended:
        """mkunit as a program of its own, with pipes."""
        done = subprocess.run(
            [*MKUNIT, *arguments], cwd=self.root / folder, env=environment(**more), capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return Ended(done.returncode, done.stdout, done.stderr)

    def terminal(
        self, *arguments: str, answers: Sequence[tuple[str, str]] = (), columns: int = 100, piped: bool = False,
        **more: str,
    ) -> Seen:  # fmt: skip
        """mkunit on a terminal."""
        return on_terminal(arguments, self.root, answers, columns, more, piped=piped)

    def files(self) -> dict[str, str]:
        """Every file that is there, and what stands in it."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes().decode(errors="surrogateescape")
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }
