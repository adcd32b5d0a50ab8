"""`mkunit explain CODE`: the rules of `mkunit check` in words."""

import json

import pytest

from mkunit.checker.prose import everything
from mkunit.cli.main import main


@pytest.mark.parametrize("code", everything())
def test_every_rule(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it is, why, an example of each sort, and how to keep what it finds."""
    assert main(["explain", code]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{code} (")
    assert err == ""
    assert "\nwrong:\n    " in out
    assert "\nright:\n    " in out
    assert f"ignore[{code}]" in out


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "rules"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(everything())


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "socket-in-tmp", "--json"]) == 0
    (rule,) = json.loads(capsys.readouterr().out)["rules"]
    assert (rule["code"], rule["severity"], rule["needs_machine"]) == ("socket-in-tmp", "warning", False)


def test_near_miss(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "socket-in-temp"]) == 3
    assert "did you mean `socket-in-tmp`?" in capsys.readouterr().err
