"""`mkunit security`: services rated by systemd-analyze, with their profiles and without."""

import json
import shutil
from pathlib import Path

import pytest

from mkunit.cli.main import main
from mkunit.cli.security import word

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
Capture = pytest.CaptureFixture[str]
UNITS = """\
from mkunit import Service

Service("kept", exec_start="/usr/bin/kept", user="kept", hardening="strict")
Service("loose", exec_start="/usr/bin/loose")
Service("mine", scope="user", exec_start="/usr/bin/mine")
Service("kept", scope="user", exec_start="/usr/bin/kept")
"""


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("units").mkdir()
    Path("units/a.py").write_text(UNITS)
    Path("pyproject.toml").write_text("[tool.mkunit]\nsystemd = 252\n")


def rated(capsys: Capture, *words: str) -> list[dict[str, object]]:
    main(["security", "--json", "-q", *words])
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["services"]
    return found


def test_before_and_after(capsys: Capture) -> None:
    """The profile makes the difference; a service without one has the same rating twice."""
    kept, loose, *_ = rated(capsys)
    assert (kept["name"], kept["scope"], kept["profile"]) == ("kept.service", "system", "strict")
    before, after = kept["before"], kept["after"]
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert after < 3 < 8 < before
    assert loose["profile"] is None
    assert loose["before"] == loose["after"]


def test_what_is_missing(capsys: Capture) -> None:
    """The worst comes first, and each profile says what it would bring."""
    (loose,) = rated(capsys, "loose")
    missing, profiles = loose["missing"], loose["profiles"]
    assert isinstance(missing, list)
    assert isinstance(profiles, dict)
    assert [one["exposure"] for one in missing] == sorted((one["exposure"] for one in missing), reverse=True)
    assert "PrivateNetwork=" in [one["name"] for one in missing]
    assert profiles["strict"] < profiles["basic"] < 9.6
    assert profiles["offline"] <= profiles["strict"]


def test_text(capsys: Capture) -> None:
    assert main(["security"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["kept.service", "loose.service", "mine.service", "kept.service"]
    assert lines[0].split()[-1] == "strict"
    assert main(["security", "loose"]) == 0
    assert 'with hardening="strict"' in capsys.readouterr().out


def test_threshold(capsys: Capture) -> None:
    """For CI: exit 1, and who it is."""
    assert main(["security", "--threshold", "9.9"]) == 0
    assert main(["security", "kept", "--threshold", "5"]) == 1  # the user's one, which has no profile
    assert main(["security", "--threshold", "5"]) == 1
    assert "error[exposed]: `loose.service` is rated" in capsys.readouterr().err
    assert main(["security", "--threshold", "50"]) == 2


def test_no_such_service(capsys: Capture) -> None:
    assert main(["security", "lose"]) == 3
    assert "did you mean `loose.service`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (0.0, "perfect"),
        (0.9, "safe"),
        (1.7, "ok"),
        (5.0, "medium"),
        (7.6, "exposed"),
        (9.6, "unsafe"),
        (10, "dangerous"),
    ],
)
def test_words(rating: float, expected: str) -> None:
    """systemd's own."""
    assert word(rating) == expected
