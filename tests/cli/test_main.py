"""From argv to an exit code: help, slips of the pen, and streams that are closed or full."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from sandbox import Project
from terminal import MKUNIT, PATIENCE, environment

from mkunit import __version__
from mkunit.cli.commands import COMMANDS

DRY_RUN = ("socket", "web", "--listen-stream", "8080", "--dry-run")


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of shell in which `mkunit` is ours."""
    line = f'mkunit() {{ {" ".join(MKUNIT)} "$@"; }}; {script}'
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )  # fmt: skip


def test_nothing(project: Project) -> None:
    """`mkunit` alone shows what there is, and is an error: scripts would miss that nothing was done."""
    ended = project.shell()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("usage: mkunit [options] COMMAND …\n")
    assert all(f"\n  {name}" in ended.err for name in COMMANDS)
    assert ended.err.endswith("error[usage]: there is no command\n  hint: name one, such as `mkunit build`\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(project: Project, flag: str) -> None:
    """Help is what was asked for: it goes to standard output."""
    ended = project.shell(flag)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("usage: mkunit ")


def test_version(project: Project) -> None:
    """The version, and nothing else."""
    assert project.shell("--version") == (0, f"mkunit {__version__}\n", "")
    assert json.loads(project.shell("--version", "--json").out) == {"version": __version__}


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["biuld"], "there is no command `biuld`", "did you mean `mkunit build`?"),
        (["-v", "sokcet"], "there is no command `sokcet`", "did you mean `mkunit socket`?"),
        (["build", "--chek"], "unrecognized arguments: --chek", "did you mean `--check`?"),
        (["socket", "web", "--listen-steam=1"], "unrecognized arguments: --listen-steam=1", "did you mean `--listen-stream`?"),
        (["build", "--zzz"], "unrecognized arguments: --zzz", "`mkunit build --help` shows what it takes"),
        (["build", "--outp", "x"], "unrecognized arguments: --outp", "did you mean `--output`?"),
        (["--verbos", "build"], "unrecognized arguments: --verbos", "did you mean `--verbose`?"),
        (["build", "--host"], "argument --host: expected one argument", "`mkunit build --help` shows what it takes"),
        (["build", "--host", "a", "--all-hosts"], "argument --all-hosts: not allowed with argument --host", None),
        (["build", "--set", "port"], "`--set port` is no assignment", "write `--set NAME=VALUE`"),
        (["build", "--set", "=1"], "`--set =1` is no assignment", "write `--set NAME=VALUE`"),
        (["-C", "nowhere", "build"], "`-C` names no folder", "name one that is there"),
    ],
)  # fmt: skip
def test_slips_of_the_pen(project: Project, arguments: list[str], message: str, hint: str | None) -> None:
    """A wrong command line is one message with a hint, exit code 2, and nothing is written."""
    ended = project.shell(*arguments)
    assert (ended.code, ended.out, project.files()) == (2, "", {})
    assert f"]: {message}" in ended.err
    assert f"  hint: {hint}" in ended.err if hint else "  hint: " in ended.err
    assert "Traceback" not in ended.err


def test_unknown_command_lists_them(project: Project) -> None:
    """Where nothing is near, all commands are told."""
    assert f"the commands are {', '.join(COMMANDS)}" in project.shell("zzzzzz").err


def test_wrong_flags_in_json(project: Project) -> None:
    """Who asked for JSON gets it, even of a wrong command line."""
    ended = project.shell("build", "--chek", "--json")
    (found,) = json.loads(ended.out)
    assert (ended.code, found["code"], found["hint"]) == (2, "usage", "did you mean `--check`?")


def test_flags_may_stand_on_either_side(project: Project) -> None:
    """Flags for every command may be written before it or after it."""
    project.socket()
    before, after = project.run("--json", "build"), project.run("build", "--check", "--json")
    assert json.loads(before.out)["units"][0]["change"] == "new"
    assert json.loads(after.out)["units"][0]["change"] == "unchanged"


@pytest.mark.parametrize("arguments", [" ".join(DRY_RUN), "--help", "socket --help", "--version"])
def test_a_reader_who_leaves(tmp_path: Path, arguments: str) -> None:
    """`mkunit … | head -0` says nothing about it."""
    done = shell(f"mkunit {arguments} | head -0", tmp_path)
    assert done.stderr == ""


def test_a_listener_who_leaves(tmp_path: Path) -> None:
    """Where nobody reads the errors any more, the exit code still tells."""
    done = shell("mkunit biuld 2>&1 | head -0; exit ${PIPESTATUS[0]}", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - a device
def test_a_full_disk(tmp_path: Path) -> None:
    """What could not be written is an error in words."""
    done = shell(f"mkunit {' '.join(DRY_RUN)} > /dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (1, "error[system-error]: No space left on device\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams(tmp_path: Path, closed: str) -> None:
    """Services and cron jobs start programs with streams closed."""
    done = shell(f"mkunit {' '.join(DRY_RUN)} {closed}", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """The working folder was removed under the shell."""
    done = shell("mkdir x && cd x && rmdir ../x && mkunit build", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error[usage]: the working folder has been removed\n")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
@pytest.mark.parametrize("words", ["explain $'\\xff' --json", "build $'\\xff' --json"])
def test_bytes_that_are_no_text(tmp_path: Path, words: str, locale: str) -> None:
    """JSON is text in UTF-8, whatever the arguments and the locale are."""
    done = subprocess.run(
        ["bash", "-c", f'{" ".join(MKUNIT)} {words}'], cwd=tmp_path, capture_output=True, timeout=PATIENCE, check=False,
        env=environment(LC_ALL=locale, PYTHONCOERCECLOCALE="0", PYTHONUTF8="0"),
    )  # fmt: skip
    assert done.returncode == 3
    assert "\\udcff" in done.stdout.decode("utf-8")
    assert json.loads(done.stdout)


def test_help_in_any_locale(tmp_path: Path) -> None:
    """A terminal of former times gets what it can show, and a pipe gets UTF-8."""
    env = environment(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    done = subprocess.run([*MKUNIT, "--help"], capture_output=True, cwd=tmp_path, env=env, check=True)
    assert "COMMAND …" in done.stdout.decode("utf-8")


def test_a_value_of_two_dashes(project: Project) -> None:
    """`--flag=--` has the value `--`, and ends no flags."""
    ended = project.run("socket", "w", "--listen-stream", "80", "--dry-run", "--description=--")
    assert (ended.code, "Description=--\n" in ended.out) == (0, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_a_plan_on_a_full_disk(project: Project) -> None:
    """Nothing half-written is left: a plan is whole, or is not there."""
    project.socket()
    (project.root / "full").mkdir()
    script = 'mount -t tmpfs -o size=4k none full && head -c 4096 /dev/zero > full/a; "$@"; echo $?; ls full'
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", script, "bash", *MKUNIT, "plan", "-q", "--root", "full", "--out", "full/plan"],
        cwd=project.root, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.stdout.endswith("9\na\n"), done.stdout
    assert "full/plan: error[cannot-write]: cannot write: No space left on device" in done.stderr
