"""plan, apply and their sisters from the command line, on the files of another root: no systemd is needed."""

import json
from pathlib import Path

import pytest

from mkunit.cli.main import main

UNITS = "from mkunit import Service\nService('web', exec_start='/usr/bin/web'{})\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project and an image."""
    (tmp_path / "shop/units").mkdir(parents=True)
    (tmp_path / "image").mkdir()
    return tmp_path


def run(place: Path, *words: str, more: str = "") -> int:
    (place / "shop/units/web.py").write_text(UNITS.format(more))
    return main(["-C", str(place / "shop"), *words, "--root", str(place / "image")])


def test_apply_plan_history_rollback(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The way of a project: planned, applied, changed, looked at, and taken back."""
    file = place / "image/etc/systemd/system/web.service"
    assert run(place, "plan", "--exit-code") == 6
    assert not file.exists()
    assert run(place, "apply", "--yes") == 0
    assert file.exists()
    assert run(place, "plan", "--exit-code") == 0
    assert run(place, "apply", "--yes", more=", nice=5") == 0
    assert "Nice=5" in file.read_text()
    capsys.readouterr()
    assert run(place, "history", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["generations"]
    assert [(row["generation"], row["changes"], row["current"]) for row in rows] == [
        (2, ["~web.service"], True), (1, ["+web.service"], False),
    ]  # fmt: skip
    assert run(place, "rollback", "--yes") == 0
    assert "Nice=5" not in file.read_text()


def test_plan_as_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that scripts rely on."""
    assert run(place, "plan", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["steps"] == [{"scope": "system", "verb": "write", "units": []}]
    row = document["changes"][0]
    assert {"unit", "scope", "change", "diff", "action", "reason", "drops_connections"} <= set(row)
    assert (row["unit"], row["change"], row["drops_connections"]) == ("web.service", "new", False)


def test_list_and_status(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is installed, and what has been changed since."""
    run(place, "apply", "--yes")
    file = place / "image/etc/systemd/system/web.service"
    file.write_text(file.read_text() + "# mine\n")
    capsys.readouterr()
    assert run(place, "status", "--json") == 6
    row = json.loads(capsys.readouterr().out)["units"][0]
    assert (row["unit"], row["enabled"], row["files"]) == ("web.service", "enabled", "changed: web.service")
    assert run(place, "list", "nothing") == 3


def test_remove(place: Path) -> None:
    """A project's unit goes only by force, and a unit that nobody installed not at all."""
    run(place, "apply", "--yes")
    assert run(place, "remove", "web", "--yes") == 9
    assert run(place, "remove", "wbe", "--yes") == 3
    assert run(place, "remove", "web", "--yes", "--force") == 0
    assert not (place / "image/etc/systemd/system/web.service").exists()
    assert not (place / "image/etc/systemd/system/multi-user.target.wants").exists()


def test_refusals(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a yes, without a generation to go back to, with a plan that is none, with no folder for a root."""
    assert run(place, "apply") == 2
    assert run(place, "rollback", "--yes") == 9
    (place / "shop/no.plan").write_text("{}")
    assert run(place, "apply", "no.plan", "--yes") == 9
    assert run(place, "apply", "missing.plan", "--yes") == 2
    assert main(["-C", str(place / "shop"), "apply", "--root", "/nowhere/at/all"]) == 2
    assert run(place, "confirm") == 9
    assert run(place, "recover") == 0
    assert "nothing was interrupted" in capsys.readouterr().err


def test_foreign_file_in_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal is data too."""
    file = place / "image/etc/systemd/system/web.service"
    file.parent.mkdir(parents=True)
    file.write_text("# theirs\n")
    assert run(place, "apply", "--yes", "--json") == 9
    assert json.loads(capsys.readouterr().out)[0]["code"] == "foreign-file"
    assert file.read_text() == "# theirs\n"
