"""What took effect is compared with what was meant: no false alarm, and what the log does not tell is found."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bench import FOLDER, Project

from mkunit import catalog
from mkunit.testing.machine import Machine

SCRIPT = Path(__file__).with_name("in_force.py")


@pytest.fixture(scope="module")
def seen(prepared: Machine) -> dict[str, dict[str, list[str]]]:
    prepared.write("/opt/in_force.py", SCRIPT.read_text(encoding="utf-8"))
    version = prepared.run("systemctl", "--version").stdout.split()[1]
    done = prepared.run(prepared.python, "/opt/in_force.py", version, timeout=120)
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return found


def test_directives_that_hold_are_no_alarm(seen: dict[str, dict[str, list[str]]]) -> None:
    """Each directive of the table with values that systemd takes; nearly all are there to be asked for."""
    assert seen["rows"]["wrong"] == []
    assert len(seen["rows"]["absent"]) < 8, seen["rows"]["absent"]


def test_directives_that_do_not_hold_are_found(seen: dict[str, dict[str, list[str]]]) -> None:
    """Of a unit without the line, systemd says something else."""
    known = {name for _, name, _, _ in catalog.rows("properties.tsv")}
    assert len(set(seen["rows"]["told"])) > len(known) * 0.9, sorted(known - set(seen["rows"]["told"]))


def test_real_units_are_no_alarm(seen: dict[str, dict[str, list[str]]], figure: Callable[[str], None]) -> None:
    """What the machine's own units say holds, line by line."""
    assert seen["real"]["wrong"] == []
    figure(f"in force: {seen['real']['lines']} lines of {seen['real']['units']} units")


def test_what_only_the_properties_tell(project: Project) -> None:
    """A generator whose drop-in comes with the daemon-reload: no line is wrong, and the log has nothing."""
    text = 'Service("f1", exec_start="/usr/bin/sleep 1000", nice={}, ensure="running")'
    project.apply(text.format(3))
    before = project.invocation("f1.service")
    at = "/etc/systemd/system-generators/late"
    dropin = "[Service]\\nNice=11\\n"
    lines = ["#!/bin/sh", "mkdir -p $1/f1.service.d", f"printf '{dropin}' >$1/f1.service.d/90-late.conf"]
    project.machine.write(at, "\n".join(lines) + "\n")
    project.machine.run("chmod", "+x", at)
    said = " ".join(project.apply(text.format(5), code=7).split())
    assert "not-in-force" in said
    assert "`Nice=5` is not in force; systemd has `Nice=11`" in said
    assert "everything is as it was before" in said
    assert project.invocation("f1.service") == before
    assert "Nice=3" in project.machine.read(f"{FOLDER}/f1.service")
    project.machine.sh(f"rm {at}; systemctl daemon-reload")
    project.apply(text.format(5))


def test_file_that_is_not_read(prepared: Machine) -> None:
    """A user's manager that looks into another folder than the one that mkunit was told of."""
    prepared.add_user("una")
    project = Project(prepared, "mine", "una")
    prepared.sh("install -d -o una -g una /home/una/mine /home/una/mine/units /home/una/other")
    project.write('Service("f2", exec_start="/usr/bin/sleep 1", scope="user")')
    command = (prepared.python, "-m", "mkunit", "-C", project.folder, "apply", "--yes", "--settle", "0.3")
    done = prepared.run(*command, user="una", env={"XDG_CONFIG_HOME": "/home/una/other"}, check=False)
    assert done.returncode == 7, done.stderr
    assert not prepared.path("/home/una/other/systemd/user/f2.service").exists()


def test_names_of_aliases_are_no_alarm(project: Project) -> None:
    """What is meant by an alias is there under its other name."""
    project.machine.write(
        f"{FOLDER}/f3a.service", "[Service]\nExecStart=/usr/bin/sleep 9\n[Install]\nAlias=f3b.service\n"
    )
    project.machine.run("systemctl", "enable", "--quiet", "f3a.service")
    project.apply(
        'Service("f3", exec_start="/usr/bin/sleep 9", wants=["f3b.service", "f3c.service"], after=["f3b.service"])'
    )
    assert "f3a.service" in project.show("f3.service", "Wants")
