"""An apply that is started by a unit which the apply itself restarts: it goes on elsewhere, and ends well."""

import time
from subprocess import CompletedProcess

from bench import Project

from mkunit.testing.machine import Machine

WAIT = 40.0  # seconds


def applying(project: Project, name: str, more: str = "") -> str:
    """A service that applies the project that it is of."""
    command = f"{project.machine.python} -m mkunit -C {project.folder} apply --yes --settle 0.3"
    return f'Service("{name}", exec_start="{command}"{more})\n'


def until(project: Project, generation: int, state: str = "projects") -> None:
    """Wait for a generation to be on record."""
    at = f"/var/lib/mkunit/{state}/{project.name}/current"
    deadline = time.monotonic() + WAIT
    while project.machine.run("cat", at, check=False).stdout != f"{generation}\n":
        assert time.monotonic() < deadline, project.machine.run("journalctl", "-n", "60", "--no-pager").stdout
        time.sleep(0.2)


def quiet(project: Project) -> None:
    """Nothing is left of it: no journal of an apply, no unit of mkunit's own, no environment."""
    project.machine.sh("until test -z \"$(systemctl list-units -q 'mkunit-*.service')\"; do sleep 0.1; done")
    assert not project.machine.path(f"/var/lib/mkunit/projects/{project.name}/journal.json").exists()
    assert project.machine.run("sh", "-c", "ls /run/mkunit").stdout == "lock\n"


def within(project: Project, unit: str, how: str = 'exec "$@"', **env: str) -> CompletedProcess[str]:
    """Apply as a process of a unit that runs."""
    join = f'echo 0 >"/sys/fs/cgroup/system.slice/$0/cgroup.procs"; {how}'
    command = (project.machine.python, "-m", "mkunit", "-C", project.folder, "apply", "--yes", "--settle", "0.3")
    return project.machine.run("/bin/sh", "-c", join, unit, *command, check=False, env=env)


def test_service_that_applies_itself(project: Project) -> None:
    """It is restarted with the new definition, the generation stands, and nothing was interrupted."""
    project.apply(applying(project, "w1"))
    project.write(applying(project, "w1", ', environment={"SECRET": "new"}'))
    project.start("w1.service")
    until(project, 2)
    quiet(project)
    project.machine.sh("until test $(systemctl show -P ActiveState w1.service) = inactive; do sleep 0.1; done")
    assert project.show("w1.service", "Result") == "success"
    assert project.show("w1.service", "Environment") == "SECRET=new"
    assert "nothing to do" in project.mkunit("apply", "--yes").stderr


TOKEN = "a \"b\" $c\n`d` \\e 'f' é"
HOST = 'Service("{}", exec_start="/usr/bin/sleep 1000", ensure="running"{})\n'


def test_exit_code_and_words_come_back(project: Project) -> None:
    """Where it fails before the unit is stopped, it is told here; the environment was the same, and nobody saw it."""
    project.apply(HOST.format("w2", ""))
    text = (
        HOST.format("w2", ', environment={"A": "1"}') + 'Socket("w2", listen=["/proc/no/w2"], service="w2t.service")\n'
    )
    text += (
        'Service("w2t", exec_start="/usr/bin/sleep 9")\nimport os\nopen("/run/w2", "w").write(os.environ["TOKEN"])\n'
    )
    project.write(text)
    before = project.invocation("w2.service")
    done = within(project, "w2.service", TOKEN=TOKEN)
    said = " ".join(done.stderr.split())
    assert done.returncode == 7, said
    assert "goes on as `mkunit-" in said
    assert said.count("everything is as it was before") == 1
    assert project.machine.read("/run/w2") == TOKEN
    assert project.invocation("w2.service") == before
    project.machine.sh("! journalctl --no-pager | grep -F 'a \"b\"'")
    quiet(project)


def test_it_survives_the_end_of_what_it_was_started_in(project: Project) -> None:
    """The unit is restarted, and all that ran in it is gone, who has read what was said too; but for the apply."""
    project.apply(HOST.format("w3", ""))
    before = project.invocation("w3.service")
    project.write(HOST.format("w3", ', environment={"A": "1"}'))
    assert within(project, "w3.service", '"$@" 2>&1 | cat').returncode not in (0, 7), "it was killed with the unit"
    until(project, 2)
    quiet(project)
    assert project.invocation("w3.service") != before
    assert project.show("w3.service", "Environment") == "A=1"


def test_what_takes_the_unit_along(project: Project) -> None:
    """Not the unit itself is restarted, but one that it is a part of; and it is stopped where it is removed."""
    text = HOST.format("w4", "{}") + HOST.format("w4p", ', part_of=["w4.service"]')
    project.apply(text.format(""))
    before = project.invocation("w4p.service")
    project.write(text.format(', environment={"A": "1"}'))
    assert within(project, "w4p.service").returncode not in (0, 7)
    until(project, 2)
    assert project.invocation("w4p.service") != before
    project.write('Target("w4t")')
    assert within(project, "w4p.service").returncode not in (0, 7)
    until(project, 3)
    quiet(project)
    assert {project.state(f"{name}.service") for name in ("w4", "w4p")} == {"inactive"}


def test_without_the_means_it_stays_pending(project: Project) -> None:
    """Nothing that could take the work over: the unit is left alone, and what would take it along."""
    project.machine.sh(
        "mkdir -p /opt/few; for p in systemctl systemd-analyze journalctl; do ln -sf $(which $p) /opt/few; done"
    )
    text = HOST.format("w5", "{0}") + HOST.format("w5p", ', part_of=["w5.service"]{0}')
    project.apply(text.format(""))
    project.write(text.format(', environment={"B": "1"}'))
    before = [project.invocation(name) for name in ("w5.service", "w5p.service")]
    done = within(project, "w5p.service", PATH="/opt/few")
    assert done.returncode == 0, done.stderr
    assert " ".join(done.stderr.split()).count("mkunit itself runs in it") == 2
    assert [project.invocation(name) for name in ("w5.service", "w5p.service")] == before


def test_oneshot_that_applies_itself(project: Project) -> None:
    """It is in its start, which must not wait for itself: the new definition holds from its next run."""
    more = ', type="oneshot"{}'
    project.apply(applying(project, "w6", more.format("")))
    project.write(applying(project, "w6", more.format(', environment={"A": "1"}')))
    project.start("w6.service")
    until(project, 2)
    assert project.show("w6.service", "Result") == "success"
    assert project.show("w6.service", "Environment") == "A=1"
    project.start("w6.service")
    assert "nothing to do" in project.mkunit("apply", "--yes").stderr


def test_users_service_that_applies_itself(prepared: Machine) -> None:
    """The same in the scope of an ordinary user."""
    prepared.add_user("una")
    project = Project(prepared, "mine", "una")
    prepared.sh("install -d -o una -g una /home/una/mine /home/una/mine/units")
    more = ', scope="user", wanted_by=[]'  # what runs default.target may be there already, or not
    project.apply(applying(project, "w7", more))
    project.write(applying(project, "w7", f'{more}, environment={{"A": "1"}}'))
    prepared.run("systemctl", "--user", "start", "w7.service", user="una")
    script = (
        "until test $(cat ~/.local/state/mkunit/projects/mine/current) = 2; do sleep 0.1; done;"
        " until test $(systemctl --user show -P ActiveState w7.service) = inactive; do sleep 0.1; done"
    )
    prepared.sh(script, user="una")
    assert project.show("w7.service", "Result") == "success"
    assert project.show("w7.service", "Environment") == "A=1"
    assert prepared.sh("ls $XDG_RUNTIME_DIR/mkunit", user="una").stdout == "lock\n"
