"""Every command once as it is meant and once as it is not: its exit code, its JSON, and that it is not painted."""

import json
import os
import subprocess
import sys
from typing import NamedTuple

import pytest
from sandbox import Ended, Project
from terminal import MKUNIT, PATIENCE, environment

from mkunit.cli.commands import COMMANDS

UNITS = """from mkunit import Service, Socket
web = Service("web", exec_start="/usr/bin/true")
Socket("web", listen=[8080], activates=web)
"""
SLEEP = "[Service]\nExecStart=/usr/bin/sleep 1000\n"
AT = ("--root", "image", "--system")


class Case(NamedTuple):
    """Words that succeed, words that fail and how, and what is run before both."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    code: int
    before: tuple[tuple[str, ...], ...] = ()


APPLIED = ("apply", "--yes", *AT)
CASES = {
    "apply": Case(("--yes", *AT), AT, 2),
    "automount": Case(("/mnt/a", "--what", "/dev/vdb1"), ("mnt",), 2),
    "build": Case((), ("--host", "nobody"), 2),
    "check": Case((), ("nowhere.service",), 3),
    "completions": Case(("bash",), ("tcsh",), 2),
    "confirm": Case((), AT, 9),
    "edit": Case(("web",), ("nobody",), 3),
    "explain": Case(("Type",), ("Tipe",), 3),
    "graph": Case((), ("nowhere",), 3),
    "history": Case(AT, ("--root", "nowhere"), 2),
    "import": Case(("config/systemd/user/web.service",), ("nobody",), 3),
    "init": Case((), ("pyproject.toml",), 9),
    "link": Case(("mine.service",), ("nowhere.service",), 3),
    "list": Case(AT, (*AT, "nobody"), 3, (APPLIED,)),
    "logs": Case(("web.service", "--user"), ("nobody",), 3),
    "mount": Case(("/mnt/a", "--what", "/dev/vdb1"), ("/mnt/a",), 2),
    "path": Case(("inbox", "--exists", "/srv/inbox"), ("inbox",), 2),
    "plan": Case((), ("--host", "nobody"), 2),
    "probe": Case((), ("no address",), 2),
    "recover": Case(AT, ("--root", "nowhere"), 2),
    "remove": Case(("web.socket", "--force", "--yes", *AT), (*AT, "nobody"), 3, (APPLIED,)),
    "rollback": Case((*AT, "1", "--yes"), (*AT, "99", "--yes"), 9, (APPLIED, ("remove", "web.socket", "--force", "--yes", *AT))),
    "run": Case(("web", "--dry-run"), ("nobody",), 3),
    "security": Case((), ("nowhere",), 3),
    "service": Case(("job", "--exec", "/usr/bin/true"), ("job",), 2),
    "show": Case(("web", "--user"), ("nobody",), 3),
    "slice": Case(("batch",), ("ba tch",), 2),
    "socket": Case(("web", "--listen-stream", "8080"), ("web",), 2),
    "status": Case(AT, (*AT, "nobody"), 3, (APPLIED,)),
    "swap": Case(("/dev/vdb2",), ("vdb2",), 2),
    "target": Case(("all", "--wants", "web.service"), ("a/b",), 2),
    "timer": Case(("nightly", "--on-calendar", "daily"), ("nightly",), 2),
    "validate": Case(("config/systemd/user/web.service",), ("nowhere.service",), 3),
}  # fmt: skip
# What succeeds only where systemd runs; the tests of the machine have it.
NEEDS_SYSTEMD = {"confirm", "probe"}


@pytest.fixture
def place(project: Project) -> Project:
    """A project, an image, and a user's unit folder."""
    project.write("units/web.py", UNITS)
    project.write("pyproject.toml", "[tool.mkunit]\n")
    project.write("config/systemd/user/web.service", SLEEP)
    project.write("mine.service", SLEEP)
    project.write("editor", '#!/bin/sh\nsed -i s/1000/2000/ "$1"\n').chmod(0o755)
    (project.root / "image").mkdir()
    return project


def variables(place: Project) -> dict[str, str]:
    """A user's folders in the project, and an editor."""
    root = str(place.root)
    folders = {"XDG_CONFIG_HOME": f"{root}/config", "XDG_STATE_HOME": f"{root}/state", "XDG_RUNTIME_DIR": root}
    return {**folders, "VISUAL": "", "EDITOR": f"{root}/editor"}


def run(place: Project, name: str, *words: str) -> Ended:
    """A command after what is to come before it."""
    for before in CASES[name].before:
        done = place.shell(*before, **variables(place))
        assert done.code == 0, done.err
    return place.shell(name, *words, **variables(place))


def kept(place: Project) -> dict[str, str]:
    """All files but locks, which are let go of and stay."""
    return {path: text for path, text in place.files().items() if not path.endswith("/lock")}


def test_each_is_here() -> None:
    """A new command brings its case."""
    assert CASES.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(CASES.keys() - NEEDS_SYSTEMD))
def test_right(place: Project, name: str) -> None:
    """It succeeds, and `--json` is one document and nothing else."""
    ended = run(place, name, *CASES[name].right, "--json")
    assert ended.code == 0, ended.err
    json.loads(ended.out)


@pytest.mark.parametrize("name", CASES)
def test_wrong(place: Project, name: str) -> None:
    """It fails with its code, says why as one document, too, and changes nothing."""
    case, before = CASES[name], kept(place)
    ended = run(place, name, *case.wrong, "--json")
    assert ended.code == case.code, ended.err
    (found,) = json.loads(ended.out)
    assert found["severity"] == "error"
    assert f"error[{found['code']}]: " in ended.err
    assert "Traceback" not in ended.err
    assert case.before or kept(place) == before


PROGRAM = """
import sys
from mkunit.cli.main import main
words = sys.argv[1:]
for manner in ([], ["--json"], ["--help"]):
    main([*words, *manner])
print("painted" if "rich" in sys.modules else "plain", file=sys.stderr)
"""


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"logs"}))  # that is journalctl from then on
def test_only_what_is_painted_imports_rich(place: Project, name: str) -> None:
    """Into pipes no command waits for rich, whether it succeeds or not."""
    words = CASES[name].wrong if name in NEEDS_SYSTEMD else CASES[name].right
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name, *words], cwd=place.root, env=environment(**variables(place)),
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.stderr.endswith("plain\n"), done.stderr


@pytest.mark.parametrize("name", sorted(CASES.keys() - NEEDS_SYSTEMD))
def test_who_has_seen_enough(place: Project, name: str) -> None:
    """`mkunit … | head -0` says nothing of it: no traceback, no message."""
    for before in CASES[name].before:
        place.shell(*before, **variables(place))
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*MKUNIT, name, *CASES[name].right, "--json", "-q"], cwd=place.root, env=environment(**variables(place)),
            stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert done.stderr == ""
