"""`mkunit list` and `mkunit status` on the files of another root: the tables, the filters, the exit codes."""

import json
from pathlib import Path

import pytest
from sandbox import Project

UNITS = """\
from mkunit import Service, Socket, Timer

web = Service("web", exec_start="/usr/bin/web")
Socket("web", listen=[8080], activates=web)
Timer("clean", on_calendar="daily", activates=Service("clean", type="oneshot", exec_start="/usr/bin/clean"))
"""
NAMES = ["clean.service", "clean.timer", "web.service", "web.socket"]


@pytest.fixture
def shop(project: Project) -> Project:
    """A project that is applied to an image."""
    project.write("units/shop.py", UNITS)
    project.write("pyproject.toml", '[project]\nname = "shop"\n[tool.mkunit]\n')
    (project.root / "image").mkdir()
    assert project.run("apply", "--yes", "--quiet", "--root", "image").code == 0
    return project


def names(project: Project, *words: str) -> list[str]:
    """The units that are listed."""
    ended = project.run("list", "--json", "--root", "image", *words)
    assert ended.code == 0, ended.err
    return [row["unit"] for row in json.loads(ended.out)["units"]]


@pytest.mark.parametrize("command", ["list", "status"])
def test_help(project: Project, command: str) -> None:
    assert f"examples:\n  mkunit {command}\n" in project.run(command, "--help").out


def test_table_in_a_pipe(shop: Project) -> None:
    """Every column, in the order of names, with a dash for what is empty; nothing else on standard output."""
    ended = shop.run("list", "--root", "image")
    rows = [line.split() for line in ended.out.splitlines()]
    assert rows[0] == ["unit", "kind", "scope", "project", "state", "enabled", "drift", "pending", "next_run"]
    assert [row[0] for row in rows[1:]] == NAMES
    assert rows[-1] == ["web.socket", "socket", "system", "shop", "inactive", "enabled", "-", "-", "-"]
    assert (ended.code, ended.err) == (0, "")


def test_json_keys(shop: Project) -> None:
    """The keys that scripts rely on, old ones and new."""
    row = json.loads(shop.run("list", "--json", "--root", "image", "web.socket").out)["units"][0]
    assert row == {
        "unit": "web.socket", "scope": "system", "project": "shop", "active": "inactive", "enabled": "enabled",
        "files": "as applied", "pending": "", "source": "units/shop.py", "kind": "socket", "state": "inactive",
        "load": "", "drift": "", "next": None, "last": None, "owned": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["web"], ["web.service", "web.socket"]),
        (["web.socket"], ["web.socket"]),
        (["w*"], ["web.service", "web.socket"]),
        (["*.t[aeiou]mer", "web.service"], ["clean.timer", "web.service"]),
        (["nothing*"], []),
        (["--type", "timer"], ["clean.timer"]),
        (["-t", "timer,socket"], ["clean.timer", "web.socket"]),
        (["--type=timer", "--type=socket"], ["clean.timer", "web.socket"]),
        (["--state", "inactive"], NAMES),
        (["--state", "active,failed"], []),
        (["--state", "enabled", "web"], ["web.socket"]),
        (["--user"], []),
    ],
)
def test_filters(shop: Project, words: list[str], wanted: list[str]) -> None:
    """Names with suffixes and without, patterns, kinds and states; a filter that nothing passes is no mistake."""
    assert names(shop, *words) == wanted


def test_drift_is_a_state(shop: Project) -> None:
    """What somebody changed can be asked for."""
    shop.write("image/etc/systemd/system/web.socket", "[Socket]\nListenStream=1\n")
    assert names(shop, "--state", "drift") == ["web.socket"]
    assert "changed: web.socket" in shop.run("list", "--root", "image").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--type", "sokcet"], 2, "did you mean `socket`?"),
        (["--type", "xyz"], 2, "the kinds are service, socket"),
        (["wbe.socket"], 3, "did you mean `web.socket`?"),
        (["nothing"], 3, "with `--all` the others, too"),
        (["--state", "inactiv"], 0, "did you mean `--state inactive`?"),
        (["--state", "failed"], 0, "none of 4 units is so"),
    ],
)
def test_slips(shop: Project, words: list[str], code: int, said: str) -> None:
    """What was probably meant, and the exit code."""
    ended = shop.run("list", "--root", "image", *words)
    assert (ended.code, ended.out, said in ended.err) == (code, "", True)


def test_nothing_installed(project: Project) -> None:
    """A friendly line, and no failure: with `--json` an empty list."""
    (project.root / "image").mkdir()
    ended = project.run("list", "--root", "image")
    assert (ended.code, ended.out) == (0, "")
    assert "mkunit has installed nothing here" in ended.err
    assert json.loads(project.run("list", "--root", "image", "--json").out) == {"units": []}
    ended = project.run("status", "--root", "image")
    assert (ended.code, ended.out) == (0, "")


@pytest.mark.parametrize("columns", [40, 60, 120])
def test_narrow_terminal(shop: Project, columns: int) -> None:
    """No line is wider than the terminal, every name is whole, and what is the same everywhere is not said."""
    shop.write("image/etc/systemd/system/web.socket", "[Socket]\n")
    lines = shop.terminal("list", "--root", "image", columns=columns, NO_COLOR="1").text.splitlines()
    assert max(map(len, lines)) <= columns
    assert [line.split()[0] for line in lines[2:6]] == NAMES
    assert ("kind" in lines[0]) is (columns > 40)
    assert "scope" not in lines[0]
    assert "changed" in lines[5]


def test_colours(shop: Project) -> None:
    """On a terminal what needs a person stands out."""
    (shop.root / "image/etc/systemd/system/web.socket").unlink()
    text = shop.terminal("list", "--root", "image").text
    assert "\x1b[33mmissing: web.socket" in text
    assert "\x1b[" not in shop.terminal("list", "--root", "image", NO_COLOR="1").text


def test_status_is_an_exit_code(shop: Project) -> None:
    """0 while all is well, 6 where a file was changed, 3 where there is no such unit."""
    assert shop.run("status", "--root", "image").code == 0
    shop.write("image/etc/systemd/system/web.socket", "[Socket]\nListenStream=1\n")
    assert shop.run("status", "--root", "image").code == 6
    assert shop.run("status", "--root", "image", "web.socket").code == 6
    assert shop.run("status", "--root", "image", "clean").code == 0
    assert shop.run("status", "--root", "image", "c*").code == 0
    assert shop.run("status", "--root", "image", "wbe").code == 3


@pytest.mark.parametrize("words", [[], ["web"], ["w*"]])
def test_status_quiet(shop: Project, words: list[str]) -> None:
    """With `-q` only the exit code speaks."""
    shop.write("image/etc/systemd/system/web.socket", "[Socket]\nListenStream=1\n")
    assert shop.run("status", "--root", "image", "-q", *words) == (6, "", "")


def test_status_of_one(shop: Project) -> None:
    """A unit that is named is shown from near, and what is wrong has a hint."""
    place = shop.write("image/etc/systemd/system/web.socket", "[Socket]\nListenStream=1\n")
    ended = shop.run("status", "--root", "image", "web.socket")
    assert ended.out.splitlines() == [
        "web.socket: inactive",
        f"  file     {place}",
        "           by mkunit, project shop, from units/shop.py",
        "  enabled  enabled",
        "  drift    changed: web.socket",
    ]
    assert "`mkunit plan` in its project" in ended.err


def test_status_as_data(shop: Project) -> None:
    """A unit that is named has more keys, and those of the table too."""
    ended = shop.run("status", "--root", "image", "--json", "web.socket")
    (row,) = json.loads(ended.out)["units"]
    assert {"unit", "active", "files", "pending", "since", "result", "pid", "listens", "log", "dropins"} <= row.keys()
    assert ended.err == ""


def test_status_in_the_same_words_on_a_terminal(shop: Project, tmp_path: Path) -> None:
    """At 60 columns nothing is cut, and without colour nothing is missing."""
    text = shop.terminal("status", "--root", "image", "web.socket", columns=60, NO_COLOR="1").text
    assert max(map(len, text.splitlines())) <= 60
    assert text.startswith("○ web.socket  inactive\n")
    assert "by mkunit, project shop" in text
