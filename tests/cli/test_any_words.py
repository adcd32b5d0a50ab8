"""Whatever words a command is given, it answers with an exit code that is documented, and no traceback."""

import json
import random
from pathlib import Path

import pytest
from sandbox import Project

from mkunit.cli.commands import COMMANDS
from mkunit.cli.parser import of_command

# Those that take this process's place, wait, or act on what is installed on this machine.
APART = {"logs", "run", "probe", "apply", "rollback", "remove", "confirm", "recover"}
FLAGS_APART = {
    "--help",
    "-h",
    "--install",
    "--start",
    "--enable",
    "--system",
    "--force",
    "--yes",
    "-y",
    "-C",
    "--for-user",
}
CODES = {0, 1, 2, 3, 4, 5, 6, 9}
ROUNDS = 12
VALUES = (
    "", " ", "-", "--", "-x", "=", "a=", "=b", "a=b", "web", "web.service", "web@", "web@x.service", "x" * 300, "a\nb",
    "a\tb", "\x1b[31m", "é", "\udcff", "\udcfe.service", "💥", "%i", "%", "$x", "0", "-1", "1" * 30, "1e400", "nan", "inf",
    "٣", "1s", "8080", ":", "[::1]:80", "@abs", "daily", "* * * * *", "110%", "1G", "0660", "9999", "mnt", "strict", "rules",
    "Type", "Service.Type", "Foo.Type", ".", "a.b.c", "json", "252,", "99", "units", "./units", "units/nothing.py",
    "bad.service", "worse.service", "loop.service", "Nice=5", "ExecStart=/bin/true", "X-a=1", "WantedBy=x",
)  # fmt: skip


@pytest.fixture
def place(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with files of all sorts of wrongness, in which everything that a user has lies."""
    monkeypatch.chdir(project.root)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(project.root / "home"))
    monkeypatch.setenv("EDITOR", "true")
    project.socket()
    (project.root / "bad.service").write_bytes(b"[Service]\nExecStart=\xff\xfe\n[Serv\n=x\nfoo\n" + b"\\" * 50)
    (project.root / "worse.service").write_bytes(b"\x00\x01\n" * 100)
    Path("loop.service").symlink_to("loop.service")
    return project


def words(name: str, chance: random.Random) -> list[str]:
    """Some flags with values and without, and some arguments."""
    actions = [action for action in of_command(name)[0]._actions if action.option_strings]
    found = []
    for _ in range(chance.randint(0, 4)):
        flag = chance.choice(chance.choice(actions).option_strings)
        value = chance.choice(VALUES)
        if flag in FLAGS_APART or chance.random() < 0.4:
            found.append(value)
        else:
            found.append(
                chance.choice((flag, f"{flag}={value}") if flag.startswith("--") else (flag, f"{flag}{value}"))
            )
    return found


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - APART))
def test_any_words(place: Project, name: str) -> None:
    """The same words each time, so that what fails can be looked at."""
    chance = random.Random(name)
    for _ in range(ROUNDS):
        given = [name, *words(name, chance), *chance.choice(((), ("--json",)))]
        ended = place.run(*given)
        assert ended.code in CODES, (given, ended)
        assert "Traceback" not in ended.err, (given, ended)
        assert "\x1b" not in ended.err, given
        if "--json" in given[1:] and "--" not in given:
            json.loads(ended.out)
