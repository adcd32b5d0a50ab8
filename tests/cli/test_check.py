"""`mkunit check` on the command line: projects and unit files, for one systemd or for several."""

import json
from pathlib import Path

import pytest

from mkunit.cli.main import main

GOOD = 'from mkunit import Service\n\nService("a", exec_start="/bin/a", restart="on-failure")\n'
NEW = 'from mkunit import Service\n\nService("a", exec_start="/bin/a", restart="on-failure", restart_steps=3, restart_max_delay_sec=5)\n'


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[tool.mkunit]\nsystemd = 252\n")
    Path("units").mkdir()


def units(text: str) -> None:
    Path("units/a.py").write_text(text)


def test_right(capsys: pytest.CaptureFixture[str]) -> None:
    """A verdict on standard error; nothing is written."""
    units(GOOD)
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "right for systemd 252\n")
    assert not Path("build").exists()


def test_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    units(NEW)
    assert main(["check"]) == 1
    assert "units/a.py:3: error[newer-directive]" in capsys.readouterr().err


def test_several(capsys: pytest.CaptureFixture[str]) -> None:
    """Each version is asked, and what is wrong names the versions that mind."""
    units(NEW)
    assert main(["check", "--systemd", "254,257"]) == 0
    assert main(["check", "--json", "-q", "--systemd", "249,252,257"]) == 1
    out, _ = capsys.readouterr()
    messages = [one["message"] for one in json.loads(out)]
    assert all("systemd 249" in message or "systemd 252" in message for message in messages)
    assert not any("systemd 257" in message for message in messages)


def test_versions_of_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """A finding that does not name a version itself says for which it holds."""
    Path("a.socket").write_text("[Socket]\nListenStream=1\nMaxConnections=0\n")
    assert main(["check", "a.socket", "--systemd", "252,257,262"]) == 1
    assert "(systemd 257, 262)" in capsys.readouterr().err


def test_unit_files(capsys: pytest.CaptureFixture[str]) -> None:
    """Unit files are told by their suffix, and need no project."""
    Path("a.service").write_text("[Service]\nExecStart=/bin/a\nTyp=simple\n")
    assert main(["check", "a.service"]) == 1
    assert "did you mean `Type=`?" in capsys.readouterr().err


def test_both(capsys: pytest.CaptureFixture[str]) -> None:
    units(NEW)
    Path("b.service").write_text("[Service]\nExecStart=/bin/a\nTyp=simple\n")
    assert main(["check", "units", "b.service"]) == 1
    err = capsys.readouterr().err
    assert "newer-directive" in err
    assert "unknown-directive" in err


def test_hosts_versions_give_way() -> None:
    """The versions of the command line hold for hosts that have their own too."""
    units(NEW)
    Path("pyproject.toml").write_text("[tool.mkunit]\nsystemd = 257\n[tool.mkunit.hosts.old]\nsystemd = 249\n")
    assert main(["check", "--host", "old"]) == 1
    assert main(["check", "--host", "old", "--systemd", "254"]) == 0


@pytest.mark.parametrize("versions", ["", ",", "x", "252,200", "252;257"])
def test_no_versions(versions: str) -> None:
    units(GOOD)
    assert main(["check", f"--systemd={versions}"]) == 2


def test_nothing_to_check() -> None:
    assert main(["check", "nope"]) == 3


def test_python_errors_are_findings(capsys: pytest.CaptureFixture[str]) -> None:
    units("1/0\n")
    assert main(["check", "--json"]) == 1
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == ["python-error"]
