"""Procfiles: a service for each process, and a target for all."""

from pathlib import PurePath

import pytest

from mkunit import importer
from mkunit.errors import ParseError
from mkunit.importer import procfile, proof
from mkunit.importer.procfile import Procfile
from mkunit.model.unit import Unit


def units(text: str, **more: object) -> dict[str, Unit]:
    sheets, _ = procfile.read(Procfile(text, "Procfile", PurePath("/srv/my shop"), **more))  # type: ignore[arg-type]
    python = importer.convert(sheets, "system", "x.").text
    return {unit.name: unit for unit in proof.again(python, "system")}


def test_processes() -> None:
    """Ports as foreman gives them, the shell out of the way where it can be, and the target wants them all."""
    made = units(
        "# front\nweb: gunicorn app:app -b :$PORT\nworker: /usr/bin/env python worker.py\njob: a && b\n", has_env=True
    )
    assert set(made) == {"my-shop-web.service", "my-shop-worker.service", "my-shop-job.service", "my-shop.target"}
    web = made["my-shop-web.service"]
    assert web.directive("ExecStart") == '/bin/sh -c "exec gunicorn app:app -b :$$PORT"'
    assert made["my-shop-worker.service"].directive("ExecStart") == '/bin/sh -c "exec /usr/bin/env python worker.py"'
    assert made["my-shop-job.service"].directive("ExecStart") == '/bin/sh -c "a && b"'
    assert made["my-shop-worker.service"].values("Environment") == ("PORT=5100",)
    assert web.directive("WorkingDirectory") == "/srv/my shop"
    assert web.directive("EnvironmentFile") == "/srv/my shop/.env"
    assert made["my-shop.target"].directive("Wants") == "my-shop-web.service my-shop-worker.service my-shop-job.service"
    assert made["my-shop.target"].directive("WantedBy") == "multi-user.target"
    assert web.directive("WantedBy") is None


@pytest.mark.parametrize("text", ["", "web\n", "web: a\nno process\n", "\0\n"])
def test_refused(text: str) -> None:
    """What is no Procfile."""
    with pytest.raises(ParseError):
        units(text)


def test_root_is_mentioned() -> None:
    """Nobody is named in a Procfile: the system's services would run as root."""
    for scope, codes in (("system", ["runs-as-root"]), ("user", [])):
        _, notes = procfile.read(Procfile("web: a\n", "Procfile", PurePath("/srv/shop"), scope=scope))
        assert [note.code for note in notes] == codes
