"""`mkunit completions`: in the real bash, zsh and fish, and the man page by a real formatter."""

import os
import pty
import select
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sandbox import Project

CASES = [
    ("mkunit so", ["socket"]),
    ("mkunit -C / gr", ["graph"]),
    ("mkunit socket --listen-unix-", ["--listen-unix-datagram"]),
    ("mkunit socket --set FreeB", ["FreeBind="]),
    ("mkunit service --restart alw", ["always"]),
    ("mkunit explain ListenSequ", ["ListenSequentialPacket"]),
    ("mkunit completions z", ["zsh"]),
    ("mkunit show dbus.soc", ["dbus.socket"]),
    ("mkunit explain requires-without-a", ["requires-without-after"]),
    ("mkunit explain foreign-f", ["foreign-file"]),
    ("mkunit logs --priority warn", ["warning"]),
    ("mkunit check --format gith", ["github"]),
    ("mkunit check --select bare-po", ["bare-port-is-public"]),
    ("mkunit service --unknown-flag --after dbus.soc", ["dbus.socket"]),
    ("mkunit list --type aut", ["automount"]),
    ("mkunit status dbus.soc", ["dbus.socket"]),
    ("mkunit explain dbus.soc", ["dbus.socket"]),
    ("mkunit link /etc/passw", ["/etc/passwd"]),
]


def needs(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program}")


@pytest.fixture
def script(project: Project, request: pytest.FixtureRequest) -> Path:
    """The script of a shell, in a file."""
    ended = project.run("completions", request.param)
    assert (ended.code, ended.err) == (0, "")
    return project.write(f"mkunit.{request.param}", ended.out)


def test_help(project: Project) -> None:
    assert 'eval "$(mkunit completions bash)"' in project.run("completions", "--help").out


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_bash(script: Path, line: str, wanted: Sequence[str]) -> None:
    """As readline asks: the words, and where the cursor is."""
    needs("bash")
    program = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mkunit 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", program, "bash", str(script), *line.split(" ")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(wanted) <= set(done.stdout.split("\n"))
    assert done.stderr == ""


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize("name", ["list", "status", "explain", "show", "edit", "remove", "logs", "validate", "import"])
def test_unit_names(script: Path, name: str) -> None:
    """Every command that takes a unit completes its name."""
    test_bash(script, f"mkunit {name} dbus.soc", ["dbus.socket"])


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_fish(script: Path, tmp_path: Path, line: str, wanted: Sequence[str]) -> None:
    needs("fish")
    done = subprocess.run(
        ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', str(script), line],
        capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert set(wanted) <= {row.partition("\t")[0] for row in done.stdout.split("\n")}
    assert done.stderr == ""


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_zsh(script: Path, tmp_path: Path, line: str, wanted: Sequence[str]) -> None:
    """Typed on a terminal, with a Tab at its end."""
    needs("zsh")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "HOME": str(tmp_path), "PS1": "> "})
    try:
        dump = tmp_path / "dump"
        _type(terminal, f"autoload -Uz compinit; compinit -u -d {dump}; source {script}; print rea''dy\n", "ready")
        seen = _type(terminal, f"{line}\t", wanted[0])
        assert wanted[0] in seen
    finally:
        os.close(terminal)
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def _type(terminal: int, text: str, until: str) -> str:
    """What the shell answers to what is typed; a terminal may wrap it."""
    os.write(terminal, text.encode())
    seen, end = "", time.monotonic() + 20
    while time.monotonic() < end and until not in seen:
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 65536).decode(errors="replace").replace("\r", "").replace("\a", "")
    return seen


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_they_answer_at_once(script: Path) -> None:
    """No Python is started: an answer takes a fraction of what a bare interpreter takes."""
    needs("bash")
    program = 'source "$1"; COMP_WORDS=(mkunit show d); COMP_CWORD=2; for i in 1 2 3 4 5 6 7 8 9 10; do COMPREPLY=(); _mkunit 2>/dev/null; done'
    start = time.perf_counter()
    subprocess.run(["bash", "--norc", "-c", program, "bash", str(script)], check=True)
    assert (time.perf_counter() - start) / 10 < 0.1


def test_man_page(project: Project) -> None:
    """It has every command and flag, and no complaints of a formatter."""
    needs("man")
    page = project.write("mkunit.1", project.run("completions", "man").out)
    assert project.run("completions", "man").out == page.read_text()
    done = subprocess.run(
        ["man", "--warnings", "-l", str(page)], capture_output=True, text=True, check=True,
        env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PAGER": "cat"},
    )  # fmt: skip
    assert done.stderr == ""
    for word in ("mkunit socket", "--listen-sequential-packet", "mkunit completions", "EXIT STATUS", "NO_COLOR"):
        assert word in done.stdout


def test_another_shell(project: Project) -> None:
    ended = project.run("completions", "tcsh")
    assert (ended.code, ended.out) == (2, "")
