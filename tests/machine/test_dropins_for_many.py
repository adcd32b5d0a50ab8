"""Drop-ins for all units of a kind, and for all whose names begin alike, on the real systemd."""

import json

import pytest
from bench import Project, prepare

from mkunit.testing.machine import Machine

UNITS = """
Service("foo-one", exec_start="/usr/bin/sleep 1000", ensure="running")
DropIn("foo-.service", nice={})
DropIn("service", environment={{"WHO": "all of them"}})
DropIn("foo-.slice", memory_max="1G")
"""


@pytest.fixture(scope="module")
def project(machine: Machine) -> Project:
    return Project(prepare(machine), "many")


def test_for_many(project: Project) -> None:
    """They are in force in what starts from then on; nothing that runs is disturbed, and all of it can be taken back."""
    other = project.invocation("dbus.service")
    project.apply(UNITS.format(5))
    assert project.show("foo-one.service", "Nice") == "5"
    assert project.show("foo-one.service", "Environment") == '"WHO=all of them"'
    assert project.show("foo-two.slice", "MemoryMax") == str(1 << 30)
    before = project.invocation("foo-one.service")
    planned = project.plan(UNITS.format(6))
    assert planned["foo-.service"] == (
        "nothing", "for all services whose names begin with `foo-`: each takes it when it next starts"
    )  # fmt: skip
    project.apply(UNITS.format(6))
    assert (project.invocation("foo-one.service"), project.invocation("dbus.service")) == (before, other)
    project.machine.run("systemctl", "restart", "foo-one.service")
    assert project.show("foo-one.service", "Nice") == "6"
    assert json.loads(project.mkunit("plan", "--json").stdout)["changes"] == []
    project.mkunit("rollback", "--yes")
    assert "Nice=5\n" in project.machine.read("/etc/systemd/system/foo-.service.d/50-mkunit-foo.conf")
    project.apply('Service("foo-one", exec_start="/usr/bin/sleep 1000", ensure="running")')
    assert "service.d" not in project.machine.run("ls", "/etc/systemd/system").stdout


def test_of_a_template_and_its_instance(project: Project) -> None:
    """Both are in force: as files of one name, that of the instance would hide that of the template."""
    text = 'Service("two@", exec_start="/usr/bin/sleep 1000")\nDropIn("two@.service", nice=5)\n'
    project.apply(text + 'DropIn("two@a.service", oom_score_adjust=7)\n')
    project.start("two@a.service")
    assert (project.show("two@a.service", "Nice"), project.show("two@a.service", "OOMScoreAdjust")) == ("5", "7")
    project.apply("")
