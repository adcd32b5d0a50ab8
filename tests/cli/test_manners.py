"""Manners that all commands share: help with an example, what was meant, colours, Ctrl-C."""

import itertools
import re
import shlex
import subprocess
import sys
import time

import pytest
from sandbox import Project
from terminal import MKUNIT, environment

from mkunit.cli.commands import COMMANDS
from mkunit.cli.parser import GROUPS, of_command


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("name", COMMANDS)
def test_help(project: Project, name: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command explains itself, on standard output, in lines that fit, and ends well."""
    monkeypatch.setenv("COLUMNS", str(columns))
    ended = project.run(name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"usage: mkunit {name} ")
    assert max(map(len, ended.out.split("\n"))) <= columns
    assert project.run("help", name) == ended


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_order(project: Project, name: str) -> None:
    """What the command works on, its own flags, those that all have, and examples; a scope beside the other."""
    out = project.run(name, "--help").out
    headings = re.findall(r"^(\w[\w ]+):$", out, re.MULTILINE)
    known = ["arguments", "options", "what becomes of it", "for every command", "exit codes"]
    assert headings == [*(heading for heading in known if heading in headings), headings[-1]]
    assert headings[-1] in ("example", "examples")
    assert out.partition("for every command:")[2].split("\n")[1].startswith("  -v, --verbose ")
    flags = re.findall(r"^  (?:-\w(?: \w+)?, )?(--[\w-]+)", out, re.MULTILINE)
    assert len(flags) == len(set(flags))
    if "--user" in flags and name != "service":
        assert flags.index("--user") == flags.index("--system") + 1


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_command_lines(project: Project, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the terminal, a shell reads the examples as they are meant, and the command takes their words."""
    narrow, wide = (_examples(project, name, columns, monkeypatch) for columns in ("50", "300"))
    assert narrow == wide
    for words in wide:
        if words[:2] == ["mkunit", name]:
            of_command(name)[0].parse_args(words[2:])
    assert any(words[:2] == ["mkunit", name] for words in wide) or name == "completions"


def _examples(project: Project, name: str, columns: str, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    monkeypatch.setenv("COLUMNS", columns)
    text = re.split(r"^examples?:\n", project.run(name, "--help").out, flags=re.MULTILINE)[1].partition("\n\n")[0]
    lines = text.replace("\\\n", " ").strip().split("\n")
    return [list(itertools.takewhile(lambda word: word not in ("&&", "||", ">"), shlex.split(line))) for line in lines]


def test_commands_are_grouped(project: Project) -> None:
    """Every command is in the list, and none twice."""
    out = project.run("--help").out
    for name in COMMANDS:
        assert len(re.findall(rf"^  {name} ", out, re.MULTILINE)) == 1
    assert sum(map(len, GROUPS.values())) == len({name for names in GROUPS.values() for name in names})


@pytest.mark.parametrize("columns", [60, 120])
def test_help_on_a_terminal(project: Project, columns: int) -> None:
    """It has colours, fits the terminal, and says the same."""
    seen = project.terminal("probe", "--help", columns=columns)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", seen.text)
    assert seen.code == 0
    assert "\x1b[" in seen.text
    assert max(map(len, plain.split("\n"))) <= columns
    assert "\x1b[" not in project.terminal("probe", "--help", NO_COLOR="1").text
    assert "\x1b[" not in project.terminal("probe", "--help", "--no-color").text


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["sokcet"], "did you mean `mkunit socket`?"),
        (["socket", "--listen-strem", "1"], "did you mean `--listen-stream`?"),
        (["socket", "w", "--free-bind"], "write `--set FreeBind=…`"),
        (["socket", "w", "--FreeBind"], "write `--set FreeBind=…`"),
        (["socket", "w", "--fre-bind"], "did you mean `--set FreeBind=…`?"),
        (["socket", "w", "--listen-stream", "1", "--set", "FreBind=yes"], "did you mean `FreeBind`?"),
        (["service", "w", "--exec", "-cat"], "write `--exec=-cat`, as the value starts with `-`"),
        (["graph", "--formt", "dot"], "did you mean `--format`?"),
        (["graph", "--format", "mermiad"], "did you mean `mermaid`?"),
        (["completions", "bahs"], "did you mean `bash`?"),
        (["service", "w", "--exec", "/bin/true", "--hardening", "strikt"], "did you mean 'strict'?"),
        (["service", "w", "--exec", "/bin/true", "--type", "onshot"], "did you mean `oneshot`?"),
        (["timer", "t", "--on-calendar", "dialy"], "did you mean `daily`?"),
        (["list", "--type", "sevice"], "did you mean `service`?"),
        (["check", "--select", "bar-port-is-public"], "did you mean `bare-port-is-public`?"),
        (["build", "--host", "frontned"], "did you mean `frontend`?"),
    ],
)
def test_what_was_meant(project: Project, words: list[str], hint: str) -> None:
    """Commands, flags, directives, values, hosts and rules that are nearly right."""
    project.write("pyproject.toml", "[tool.mkunit.hosts.frontend]\nport = 80\n")
    project.socket()
    ended = project.run(*words)
    assert ended.code == 2
    assert hint in ended.err


@pytest.mark.parametrize(
    "name", ["remove", "status", "list", "show", "logs", "explain", "edit", "run", "security", "validate", "import"]
)
def test_which_unit_was_meant(project: Project, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command that takes a unit's name names one that there is."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.root / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(project.root))
    text = "[Service]\nExecStart=/usr/bin/true\n"
    project.write("config/systemd/user/storefront.service", text)
    project.write("config/systemd/user/storefront.socket", "[Socket]\nListenStream=8080\n")
    project.write("units/web.py", "from mkunit import Service, Socket\nService('storefront', exec_start='/usr/bin/true')\n"
                  "Socket('storefront', listen=[8080])\n")  # fmt: skip
    at = {"remove": ["--root", "image"], "status": ["--root", "image"], "list": ["--root", "image"]}.get(name, [])
    if at:
        (project.root / "image").mkdir()
        assert project.run("apply", "--yes", *at).code == 0
    scope = ["--user"] if name in ("show", "logs", "edit", "explain", "validate", "import") else []
    for written, meant in (("storefornt.service", "storefront.service"), ("storefornt", "storefront")):
        if name == "run":
            written, meant = written.replace("service", "socket"), meant.replace("service", "socket")
        if (name, written) in (("explain", "storefornt"), ("logs", "storefornt.service")):
            continue  # that would be a directive, and a unit that is gone may have left its log behind
        ended = project.run(name, written, *at, *scope)
        assert ended.code == 3, ended
        assert f"did you mean `{meant}" in ended.err


def test_sudo_in_user_scope(project: Project) -> None:
    """Root's own systemd is hardly ever meant: without a terminal it is refused, on one it is asked about."""
    words = ("socket", "w", "--listen-stream", "8080", "--install")
    variables = {"SUDO_USER": "kim", "XDG_CONFIG_HOME": str(project.root), "XDG_RUNTIME_DIR": str(project.root)}
    ended = project.shell(*words, **variables)
    assert (ended.code, project.files()) == (2, {})
    assert "add `--system` for the system, or leave out `sudo` for `kim`" in ended.err
    seen = project.terminal(*words, answers=[("root's own systemd? [y/N]: ", "n\n")], **variables)
    assert (seen.code, project.files()) == (130, {})


@pytest.mark.parametrize("words", [["completions", "bash"], ["completions", "man"], ["--help"]])
def test_broken_pipe(words: list[str]) -> None:
    """Who has seen enough is told nothing."""
    first = subprocess.Popen([*MKUNIT, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert first.stdout
    assert first.stderr
    with first:
        first.stdout.close()
        assert first.stderr.read() == b""


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["--version"], ["attrs", "rich", "json", "subprocess", "textwrap"]),
        (["--help"], ["attrs", "rich", "json", "subprocess"]),
        (["socket", "web", "--listen-stream", "80", "--dry-run"], ["rich", "json", "subprocess", "pathlib", "difflib"]),
        (["target", "all", "--dry-run"], ["rich", "json", "subprocess", "pathlib", "difflib"]),
    ],
)
def test_what_is_short_imports_little(project: Project, words: list[str], heavy: list[str]) -> None:
    """What a command does not need, nobody waits for."""
    program = "import sys; from mkunit.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}", *words],
        cwd=project.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(heavy) & set(done.stderr.split()) == set()


def test_nothing_flickers(project: Project) -> None:
    """What is quick moves no cursor; what is slow is drawn anew ten times a second at most, and takes its bar away."""
    project.socket()
    assert not re.search(r"\x1b\[\d*[A-HJKST]|\r[^\n]", project.terminal("build").text)
    project.write("units/slow.py", "import time\ntime.sleep(2.5)\n")
    start = time.monotonic()
    seen = project.terminal("build").text
    took = time.monotonic() - start
    frames = seen.count("loading units files")
    assert 2 <= frames <= (took - 1.0) * 10 + 2
    assert seen.rpartition("loading units files")[2].count("\x1b[2K") >= 1
    assert seen.count("\x1b[?25l") == seen.count("\x1b[?25h") == 1
