"""`mkunit explain` on units of a project and on files, and what a name may mean."""

import json

import pytest
from sandbox import Project

UNITS = """\
from mkunit import DropIn, Service, Socket, Timer

web = Service("shop-web", exec_start="/usr/bin/web", restart="on-failure")
Socket("shop-web", listen=["127.0.0.1:8080"], activates=web)
Timer("shop-clean", on_calendar="daily", activates=Service("shop-clean", type="oneshot", exec_start="/usr/bin/clean"))
DropIn("shop-web.service", file="50-limits.conf", memory_max="1G")
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("pyproject.toml", "[tool.mkunit]\n")
    project.write("units/shop.py", UNITS)
    return project


def test_help(project: Project) -> None:
    assert "examples:\n  mkunit explain web\n" in project.run("explain", "--help").out


def test_unit_of_the_project(shop: Project) -> None:
    """What is not installed yet is explained by the units files: settings with their lines, who connects, why it will run."""
    ended = shop.run("explain", "shop-web.service")
    assert (ended.code, ended.err) == (0, "")
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert lines[0] == "shop-web.service, of the project"
    assert "ExecStart=/usr/bin/web units/shop.py:3" in lines
    assert "MemoryMax=1G units/shop.py:6" in lines
    assert "Type=simple systemd's default" in lines
    assert "who can connect 127.0.0.1:8080 (TCP) of shop-web.socket" in lines
    assert (
        "why it will run shop-web.socket triggers it when somebody connects; that one is started by sockets.target ←"
        " basic.target ← multi-user.target ← default.target"
    ) in lines
    assert "sandbox `mkunit security shop-web` rates it" in lines


def test_as_data(shop: Project) -> None:
    found = json.loads(shop.run("explain", "--json", "shop-clean.timer").out)
    assert (found["unit"], found["place"], found["source"]) == ("shop-clean.timer", "of the project", "units/shop.py")
    assert {"section": "Timer", "name": "OnCalendar", "value": "daily", "path": "units/shop.py", "line": 5,
            "default": False} in found["settings"]  # fmt: skip
    assert [way["boot"] for way in found["causes"]] == [True]
    assert {"runs", "next", "reach", "when", "ends", "files", "scope"} <= found.keys()


def test_file(project: Project) -> None:
    """Of a file its lines first, and then what they come to."""
    project.write("a.socket", "[Socket]\nListenStream=8080\n")
    out = project.run("explain", "./a.socket").out
    assert out.index("2 + ListenStream=8080") < out.index("every host that reaches this machine")
    found = json.loads(project.run("explain", "--json", "./a.socket").out)
    assert (found["lines"][0]["text"], found["reach"][0]["sort"]) == ("ListenStream=8080", "TCP")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("shop-wbe", "did you mean `shop-web`?"),
        ("shop-wbe.socket", "did you mean `shop-web.socket`?"),
        ("requires-without-aftr", "did you mean `requires-without-after`?"),
        ("ListenSteam", "did you mean `ListenStream`?"),
        ("timer", "`mkunit timer --help` says how to make one"),
        ("./nothing.service", None),
        ("units", "name a unit file, or a folder of them"),
    ],
)
def test_nothing_of_that_name(shop: Project, name: str, hint: str | None) -> None:
    """What was probably meant, whichever sort of thing it is; exit code 3."""
    ended = shop.run("explain", name)
    assert (ended.code, ended.out) == (3, "")
    assert (hint or "there is no such file") in ended.err


def test_a_broken_project_is_no_answer(project: Project) -> None:
    """That units files do not load has nothing to do with a directive that is misspelt."""
    project.write("pyproject.toml", "[tool.mkunit]\n")
    project.write("units/a.py", "1 / 0\n")
    ended = project.run("explain", "ListenSteam")
    assert (ended.code, "did you mean `ListenStream`?" in ended.err) == (3, True)
    assert "the units files here do not load" in ended.err


@pytest.mark.parametrize("columns", [60, 120])
def test_terminal(shop: Project, columns: int) -> None:
    """Nothing is wider than the terminal, and places stand beside their lines, or below them."""
    text = shop.terminal("explain", "shop-web.service", columns=columns, NO_COLOR="1").text
    assert max(map(len, text.splitlines())) <= columns
    assert "units/shop.py:3" in text
    assert "  who can connect\n    127.0.0.1:8080 (TCP) of shop-web.socket\n      only this machine\n" in text
    assert "\x1b[" not in text
    assert "\x1b[" in shop.terminal("explain", "shop-web.service", columns=columns).text


def test_control_characters_stay_out(project: Project) -> None:
    """A file that somebody else wrote tells the terminal nothing."""
    project.write(
        "a.service", "[Unit]\nOnFailure=b\x1b[2J.service\nDescription=\x1b[31mred\n[Service]\nExecStart=/bin/a\n"
    )
    assert "\x1b" not in project.run("explain", "./a.service").out
