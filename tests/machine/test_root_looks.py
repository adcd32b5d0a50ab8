"""Root who only looks at somebody else's units files runs them with that person's rights."""

import pytest

from mkunit.testing.machine import Machine

UNITS = """\
import getpass, os
from mkunit import Service
Service("who", exec_start="/usr/bin/true", description=f"made by {os.getuid()} {os.getgid()} {os.environ['HOME']}")
"""
LOOKS = [("build",), ("check",), ("graph",), ("security",), ("plan", "--json")]


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    machine.sh("useradd --create-home ann")
    machine.write("/home/ann/site/units/all.py", UNITS)
    machine.write("/home/ann/site/pyproject.toml", "[tool.mkunit]\n")
    machine.sh("chown -R ann: /home/ann/site")
    return machine


def mkunit(machine: Machine, *words: str, folder: str = "/home/ann/site") -> str:
    done = machine.run(machine.python, "-m", "mkunit", "-C", folder, *words, check=False)
    assert done.returncode in (0, 6), done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("words", LOOKS, ids=lambda words: words[0])
def test_looks_as_the_owner(prepared: Machine, words: tuple[str, ...]) -> None:
    """Each command that looks: a mark that the file leaves behind belongs to the owner."""
    mark = f"/tmp/mark-{words[0]}"
    prepared.write("/home/ann/site/units/all.py", UNITS + f'open("{mark}", "w").close()\n')
    mkunit(prepared, *words)
    assert prepared.sh(f"stat -c %U {mark}").stdout.strip() == "ann"


def test_what_is_built_is_the_owners(prepared: Machine) -> None:
    """The unit says who made it, and the build folder is no trap of root's in somebody's home."""
    prepared.write("/home/ann/site/units/all.py", UNITS)
    assert "looking with the rights of `ann`" in mkunit(prepared, "--verbose", "build")
    uid, gid = prepared.sh("id -u ann; id -g ann").stdout.split()
    assert f"made by {uid} {gid} /home/ann\n" in prepared.read("/home/ann/site/build/system/who.service")
    assert prepared.sh("stat -c %U /home/ann/site/build/system/who.service").stdout.strip() == "ann"


def test_nobody_the_system_knows(prepared: Machine) -> None:
    """An owner without an account, as in a container, is looked at with the number alone."""
    prepared.sh("cp -r /home/ann/site /srv/site && rm -rf /srv/site/build && chown -R 4321:4322 /srv/site")
    mkunit(prepared, "build", folder="/srv/site")
    assert "made by 4321 4322 /\n" in prepared.read("/srv/site/build/system/who.service")


def test_owner_who_cannot_read_mkunit(prepared: Machine) -> None:
    """Where mkunit itself is closed to the owner, it says that it runs the files as root, and does."""
    prepared.sh("cp -r /srv/site /srv/closed && rm -rf /srv/closed/build && chown -R 4321 /srv/closed")
    prepared.sh("mkdir -m 700 /opt/closed")
    command = f"PYTHONPATH=/opt/closed {prepared.python} -m mkunit -C /srv/closed build"
    said = prepared.sh(command).stderr
    assert "run-as-root" in said
    assert "`4321` cannot read /opt/closed" in said
    assert "made by 0 0 " in prepared.read("/srv/closed/build/system/who.service")


def test_own_files(prepared: Machine) -> None:
    """Root's own files are root's to run."""
    prepared.sh("cp -r /home/ann/site /srv/own && rm -rf /srv/own/build && chown -R root: /srv/own")
    mkunit(prepared, "build", folder="/srv/own")
    assert "made by 0 0 " in prepared.read("/srv/own/build/system/who.service")
