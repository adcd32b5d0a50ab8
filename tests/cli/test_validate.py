"""`mkunit validate` on the command line: what it prints where, and its exit codes."""

import json
from pathlib import Path

import pytest

from mkunit.cli import validate
from mkunit.cli.main import main

GOOD = "[Service]\nExecStart=/bin/true\n"
BAD = "[Service]\nExecStart=/bin/true\nProtectSytem=full\n"
OLD = "[Service]\nExecStart=/bin/true\nReadOnlyDirectories=/a\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def test_right(capsys: pytest.CaptureFixture[str]) -> None:
    """A verdict on standard error, and nothing on standard output."""
    write("a.service", GOOD)
    assert main(["validate", "a.service", "--systemd", "252"]) == 0
    assert capsys.readouterr() == ("", "a.service: right for systemd 252\n")


def test_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.service", BAD)
    assert main(["validate", "./a.service", "--systemd", "252"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "./a.service:3: error[unknown-directive]: `ProtectSytem=` is no directive of [Service]: systemd ignores it",
        "  hint: did you mean `ProtectSystem=`?",
        "./a.service: 1 error",
    ]


def test_strict() -> None:
    """Warnings fail only where that is asked for."""
    write("a.service", OLD)
    assert main(["validate", "a.service"]) == 0
    assert main(["validate", "--strict", "a.service"]) == 1


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.service", GOOD)
    assert main(["validate", "-q", "a.service"]) == 0
    assert capsys.readouterr() == ("", "")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One array of all findings, whichever file they are in."""
    write("a.service", BAD)
    write("b.service", OLD)
    write("b.service.d/1.conf", "[Service]\nFoo\n")
    assert main(["validate", "--json", "-q", "a.service", "b.service"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert [(one["path"], one["line"], one["code"], one["severity"]) for one in json.loads(out)] == [
        ("a.service", 3, "unknown-directive", "error"),
        ("b.service", 3, "deprecated-directive", "warning"),
        ("b.service.d/1.conf", 2, "missing-equals", "error"),
    ]


def test_json_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.service", GOOD)
    assert main(["validate", "--json", "a.service"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_version() -> None:
    """What is newer than the systemd that is asked about is an error."""
    write("a.service", f"{GOOD}RestartSteps=3\nRestartMaxDelaySec=5\n")
    assert main(["validate", "--systemd", "252", "a.service"]) == 1
    assert main(["validate", "--systemd", "254", "a.service"]) == 0


@pytest.mark.parametrize("version", ["200", "x", "-1", "²", ""])
def test_no_version(version: str) -> None:
    assert main(["validate", f"--systemd={version}", "a.service"]) == 2


def test_project_version() -> None:
    """In a project, its settings name the systemd that is meant."""
    write("a.service", f"{GOOD}RestartSteps=3\nRestartMaxDelaySec=5\n")
    write("pyproject.toml", "[tool.mkunit]\nsystemd = 254\n")
    Path("units").mkdir()
    assert main(["validate", "a.service"]) == 0


def test_no_such_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "./nope.service"]) == 3
    assert "error[no-such-unit]" in capsys.readouterr().err


def test_no_argument() -> None:
    assert main(["validate"]) == 2


def test_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder stands for the unit files in it, and for the drop-ins whose units lie elsewhere."""
    for name in ("f/a.service", "f/b.socket", "f/notes.txt"):
        write(name, GOOD if name.endswith("service") else "[Socket]\nListenStream=1\n")
    write("f/a.service.d/1.conf", "[Service]\nUser=x\n")
    write("f/nginx.service.d/1.conf", "[Service]\nUser=x\n")
    assert main(["validate", "f", "--systemd", "252"]) == 0
    files = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]
    assert files == ["f/a.service", "f/b.socket", "f/nginx.service.d/1.conf"]


def test_units_beside_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Units of one folder are checked together: an accepting socket needs the template."""
    write("a.socket", "[Socket]\nListenStream=1\nAccept=yes\n")
    write("a.service", GOOD)
    assert main(["validate", "a.socket"]) == 0
    assert main(["validate", "a.socket", "a.service"]) == 1
    assert "accept-needs-template" in capsys.readouterr().err


def test_broken_units_are_no_wholes(capsys: pytest.CaptureFixture[str]) -> None:
    """What systemd does not read it does not check as a whole either."""
    write("a.service", "[Service # c\n")
    assert main(["validate", "a.service"]) == 1
    assert "incomplete-unit" not in capsys.readouterr().err


@pytest.mark.parametrize("target", ["/dev/null", "/dev/zero", None])
def test_masked(capsys: pytest.CaptureFixture[str], target: str | None) -> None:
    """A mask cannot start; a device is never read."""
    if target:
        Path("a.service").symlink_to(target)
    else:
        write("a.service", "")
    assert main(["validate", "a.service"]) == 1
    assert "error[masked-unit]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["\x1b[2JFoo=1\n", "[Service]\nType=\x1b]0;x\x07\n", "[\x1b[31m]\n", "[Service]\nF\x9boo=1\n"]
)
def test_control_characters(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """No file can send commands to the terminal."""
    write("a.service", text)
    main(["validate", "a.service"])
    assert all(character.isprintable() or character == "\n" for character in capsys.readouterr().err)


def test_installed_unit(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up in the unit folders, the suffix `.service` may be left out, and drop-ins count."""
    write("etc/a.service.d/1.conf", "[Service]\nFoo=1\n")
    write("usr/a.service", GOOD)
    write("usr/t@.service", GOOD)
    folders = [Path("etc").resolve(), Path("usr").resolve()]
    monkeypatch.setattr(validate.Local, "search_path", lambda _: folders)
    assert main(["validate", "a", "--systemd", "252"]) == 1
    assert f"{folders[0]}/a.service.d/1.conf:2: error[unknown-directive]" in capsys.readouterr().err
    assert main(["validate", "t@x.service"]) == 0
    assert main(["validate", "--user", "b"]) == 3
    assert main(["validate", "aa.service"]) == 3


def test_installed_version(tmp_path: Path) -> None:
    """The installed systemd's version is that of its library."""
    assert validate.installed(tmp_path) is None
    write("usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-252.so", "")
    write("usr/lib64/systemd/libsystemd-shared-257.4-3.fc42.so", "")
    assert validate.installed(tmp_path) == 257
