"""Whose units they are, on the real systemd: looking while somebody applies, another user's units, everybody's units."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bench import FOLDER, Project, prepare

from mkunit.testing.machine import Machine

LOCK = "/run/mkunit/lock"
HOLD = """\
import fcntl, os, sys, time
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(lock, fcntl.LOCK_EX)
os.ftruncate(lock, 0)
os.pwrite(lock, f"{os.getpid()}\\n".encode(), 0)
open("/run/held", "w").write(str(os.getpid()))
while os.path.exists("/run/held"):
    time.sleep(0.02)
"""


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    machine.write("/opt/hold.py", HOLD)
    machine.add_user("kim")
    machine.add_user("sam")
    machine.run("useradd", "--create-home", "ida")  # who has never logged in
    return prepare(machine)


@pytest.fixture
def project(prepared: Machine, request: pytest.FixtureRequest) -> Project:
    """A project of root's, which everybody may read."""
    return Project(prepared, request.node.name.removeprefix("test_").replace("_", "-").split("[")[0])


def sleeping(name: str, more: str = "") -> str:
    return f'Service("{name}", exec_start="/usr/bin/sleep 1000"{more})\n'


@contextmanager
def at_work(machine: Machine) -> Iterator[str]:
    """While this is entered, some process holds root's lock; its number."""
    machine.run("mkdir", "-p", "/run/mkunit")
    holder = threading.Thread(target=lambda: machine.run("/usr/bin/python3", "/opt/hold.py", LOCK))
    holder.start()
    try:
        yield machine.sh("until test -s /run/held; do sleep 0.02; done; cat /run/held").stdout
    finally:
        machine.run("rm", "-f", "/run/held")
        holder.join()


@pytest.mark.parametrize("user", [None, "kim"])
def test_plan_while_somebody_applies(project: Project, user: str | None) -> None:
    """Exit 75 with the process's number, for those too who may not open the lock; afterwards there is a plan."""
    project.write(sleeping("p1"))
    plan = (project.machine.python, "-m", "mkunit", "-C", project.folder, "plan", "--wait", "0.2")
    with at_work(project.machine) as process:
        done = project.machine.run(*plan, user=user, check=False)
        assert (done.returncode, done.stdout, f"process {process}" in done.stderr) == (75, "", True)
    assert project.machine.sh(f"stat -c %a {LOCK}").stdout == "600\n"
    assert "p1.service (new)" in project.machine.run(*plan, user=user).stdout


def test_plan_waits_for_an_apply(project: Project) -> None:
    """It takes a moment, and then the plan is made from what came of it."""
    project.write(sleeping("p2"))
    with at_work(project.machine):
        later = threading.Timer(0.7, lambda: project.machine.run("rm", "/run/held"))
        later.start()
        assert "p2.service (new)" in project.mkunit("plan").stdout
        later.join()


def test_status_in_the_middle_of_an_apply(project: Project) -> None:
    """It does not wait, and says that this is not the end of it; once nobody is at work, it was interrupted."""
    state = f"/var/lib/mkunit/projects/{project.name}"
    project.apply(sleeping("p3"))
    project.machine.sh(f"cd {state}; cp generations/1.json generations/2.json")
    journal = {"generation": 2, "old": 1, "undoes": False, "confirm": False, "scope": "system", "folder": FOLDER}
    empty: dict[str, object] = {"files": [], "links": [], "steps": [], "excused": []}
    project.machine.write(f"{state}/journal.json", str({**journal, **empty, "before": {}, "probes": {}, "pending": {}})
                          .replace("'", '"').replace("False", "false"))  # fmt: skip
    project.machine.run("chmod", "644", f"{state}/journal.json")
    status = (project.machine.python, "-m", "mkunit", "status")
    for user in (None, "kim"):
        with at_work(project.machine) as process:
            done = project.machine.run(*status, user=user)
            assert f"is under way, by process {process}" in done.stderr
            assert "p3.service" in done.stdout
        assert "was interrupted" in project.machine.run(*status, user=user).stderr
    project.mkunit("recover")


def test_plan_of_a_user_after_a_careful_root(project: Project) -> None:
    """Whatever root's umask is, everybody may see what is installed, as systemctl shows it, too."""
    project.write(sleeping("p4") + 'DropIn("p4.service", nice=1)\n')
    script = f"umask 077; {project.machine.python} -m mkunit -C {project.folder} apply --yes --settle 0.3"
    project.machine.sh(f"rm -rf /run/mkunit /var/lib/mkunit; {script}")
    plan = (project.machine.python, "-m", "mkunit", "-C", project.folder, "plan", "--exit-code")
    assert "nothing to do" in project.machine.run(*plan, user="kim").stdout
