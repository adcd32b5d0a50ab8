"""`mkunit explain` on the command line: directives, and what the lines of files do."""

import json
from pathlib import Path

import pytest

from mkunit import catalog
from mkunit.cli.explain_directive import facts, lookup
from mkunit.cli.main import main


@pytest.mark.parametrize(
    "name", ["ListenStream", "ListenStream=", "listen_stream", "Socket.ListenStream", "Socket.listen_stream"]
)
def test_directive(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A directive by its name or its keyword, with its section or without."""
    assert main(["explain", name]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert (lines[0], err) == ("ListenStream= in [Socket]", "")
    assert any(line.split() == ["examples", "8080"] for line in lines)
    assert any(line.split() == ["manual", "systemd.socket(5)"] for line in lines)
    assert any(line.split()[:2] == ["Python", "listen_stream=,"] for line in lines)


def test_directive_of_many_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    """What several kinds share is told once, with all their sections."""
    assert main(["explain", "PrivateTmp"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "PrivateTmp= in [Service], [Socket], [Mount], [Swap]"


def test_directive_of_two_meanings(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that means something else elsewhere is told twice, unless the section is named."""
    assert main(["explain", "Type"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("Type=")] == [
        "Type= in [Service]", "Type= in [Mount]"
    ]  # fmt: skip
    assert main(["explain", "Mount.Type"]) == 0
    assert "Service" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ListenSteam", "did you mean `ListenStream`?"),
        ("listen_steam", "did you mean `listen_stream`?"),
        ("liststream", "did you mean `ListenStream`?"),
        ("socket.Accept", "did you mean `Socket.Accept`?"),
        ("Socket.Acept", "did you mean `Socket.Accept`?"),
        ("Qwertyuiop", "name a directive, a rule, a code, a unit, or a file by a path such as `./web.service`"),
    ],
)
def test_unknown(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A near miss names what was probably meant."""
    assert main(["explain", name]) == 3
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[1]) == ("", f"  hint: {hint}")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--json", "MemoryMax"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["directives"]
    assert (found["name"], found["keyword"], found["since"], found["many"]) == (
        "MemoryMax",
        "memory_max",
        231,
        "single",
    )
    assert "512M" in found["good"]
    assert found["kinds"][0] == "service"


@pytest.mark.parametrize("section", [s for kind in catalog.kinds() for s in catalog.sections(kind)])
def test_every_directive(section: str) -> None:
    """There is something to say of every directive of the catalogue."""
    for name in catalog.directives(section):
        for one in lookup(f"{section}.{name}"):
            assert {"takes", "lines", "if wrong", "Python", "systemd"} <= {fact.word for fact in facts(one)}


TEXT = """\
[Unit]
Description=one
Description=two
After=
foo
[Service]
Type=simpel
ExecStart=/bin/a
ExecStart=
ExecStart=/bin/b
"""


def test_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line of a file, whether it is in effect, and why not."""
    monkeypatch.chdir(tmp_path)
    Path("a.service").write_text(TEXT)
    Path("a.service.d").mkdir()
    Path("a.service.d/1.conf").write_text("[Service]\nType=exec\n")
    assert main(["explain", "./a.service", "--systemd", "252"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "./a.service",
        "      [Unit]",
        "   2 - Description=one",
        "       replaced by line 3",
        "   3 + Description=two",
        "   4 - After=",
        "       ignored: the empty After= has no effect: what was added stays",
        "   5 - foo",
        "       `foo` has no `=`: systemd ignores it",
        "      [Service]",
        "   7 - Type=simpel",
        "       ignored: `simpel` is not one of the words that Type= takes",
        "   8 - ExecStart=/bin/a",
        "       taken back by line 9",
        "   9 + ExecStart=",
        "       takes back what is above",
        "  10 + ExecStart=/bin/b",
        "a.service.d/1.conf",
        "      [Service]",
        "   2 + Type=exec",
        "",
        "what it comes to",
        "  why it will run  nothing starts it but a person: `systemctl start a.service`",
        "  when it ends     it stays down (Restart=no)",
        "  sandbox          `systemd-analyze security --offline=yes ./a.service` rates it",
    ]


def test_file_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.service").write_text("[Service]\nNice=1\nNice=2\n")
    assert main(["explain", "--json", str(tmp_path / "a.service")]) == 0
    assert [(line["line"], line["wins"]) for line in json.loads(capsys.readouterr().out)["lines"]] == [
        (2, False),
        (3, True),
    ]


def test_no_such_file() -> None:
    assert main(["explain", "./nope.service"]) == 3
