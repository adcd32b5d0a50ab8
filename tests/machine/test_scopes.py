"""Whose units they are, on the real systemd: looking while somebody applies, another user's units, everybody's units."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bench import FOLDER, Project, prepare, sleeping

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
    machine, journal = project.machine, f"/var/lib/mkunit/projects/{project.name}/journal.json"
    project.write(sleeping("p3", ', exec_start_pre="/usr/bin/sleep 2", ensure="running"'))
    command = f"{machine.python} -m mkunit -C {project.folder} apply --yes"
    machine.sh(f"{command} & until test -e {journal}; do sleep 0.05; done; kill -9 $!")
    status = (project.machine.python, "-m", "mkunit", "status", "--system")
    for user in (None, "kim"):
        with at_work(project.machine) as process:
            done = project.machine.run(*status, user=user)
            assert f"is under way, by process {process}" in done.stderr
        assert "was interrupted" in project.machine.run(*status, user=user).stderr
    project.mkunit("recover")


def test_plan_of_a_user_after_a_careful_root(project: Project) -> None:
    """Whatever root's umask is, everybody may see what is installed, as systemctl shows it, too."""
    project.write(sleeping("p4") + 'DropIn("p4.service", nice=1)\n')
    script = f"umask 077; {project.machine.python} -m mkunit -C {project.folder} apply --yes --settle 0.3"
    project.machine.sh(f"rm -rf /run/mkunit /var/lib/mkunit; {script}")
    plan = (project.machine.python, "-m", "mkunit", "-C", project.folder, "plan", "--exit-code")
    assert "nothing to do" in project.machine.run(*plan, user="kim").stdout


TERMINAL = """\
import os, pty, select, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen, answers = b"", [b"y\\n"]
while True:
    try:
        seen += os.read(terminal, 4096)
    except OSError:
        break
    if answers and b"[y/N]" in seen:
        os.write(terminal, answers.pop())
print(seen.decode(), end="")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
TYPE = """\
import fcntl, os, sys, termios
for letter in b"touch /run/typed\\n":
    fcntl.ioctl(1, termios.TIOCSTI, bytes([letter]))
print("typed into", os.ttyname(1), file=sys.stderr)
"""


def of(user: str, path: str = "") -> str:
    return f"/home/{user}/.config/systemd/user{path}"


def mine(name: str, more: str = "") -> str:
    return f'Service("{name}", exec_start="/usr/bin/sleep 1000", scope="user", ensure="running"{more})\n'


def test_for_user(project: Project) -> None:
    """Files, records and the running unit are the user's; the units file ran with that user's rights."""
    who = "import os, getpass\nMADE = f\"{os.getuid()} {os.getgroups()} {getpass.getuser()} {os.environ.get('SECRET')}\"\n"
    uid, gid = project.machine.sh("id -u kim; id -g kim").stdout.split()
    project.write(who + mine("fu1", ", description=MADE"))
    command = (project.machine.python, "-m", "mkunit", "-C", project.folder, "apply", "--for-user", "kim", "--yes")
    said = project.machine.run(*command, "--settle", "0.3", env={"SECRET": "of root", "SUDO_USER": "adm"}).stderr
    assert f"Description={uid} [{gid}] kim None\n" in project.machine.read(of("kim", "/fu1.service"))
    assert project.machine.show("fu1.service", "ActiveState", user="kim") == {"ActiveState": "active"}
    assert project.machine.sh("find /home/kim -user root").stdout == ""
    assert "`loginctl enable-linger kim`" in said
    rows = project.mkunit("history", "--for-user", "kim").stdout
    assert " adm " in rows
    assert not project.machine.path("/root/.config/systemd/user").exists()


def test_for_user_goes_on(project: Project) -> None:
    """The next apply restarts what runs; list, status, rollback and remove know it, and all of it goes again."""
    flags = ("--for-user", "kim")
    project.apply(mine("fu2"), *flags)
    before = project.machine.show("fu2.service", "InvocationID", user="kim")
    project.apply(mine("fu2", ", nice=3"), *flags)
    after = project.machine.show("fu2.service", "InvocationID", "Nice", user="kim")
    assert (after.pop("Nice"), after != before) == ("3", True)
    assert f"project {project.name}" in project.mkunit("status", "fu2", *flags).stdout
    project.mkunit("rollback", *flags, "--yes", "--settle", "0.3")
    assert "Nice" not in project.machine.read(of("kim", "/fu2.service"))
    assert f"# {of('kim', '/fu2.service')}\n" in project.mkunit("show", "fu2", *flags).stdout
    project.mkunit("remove", "fu2", *flags, "--yes", "--force", "--settle", "0.3")
    assert not project.machine.path(of("kim", "/fu2.service")).exists()
    assert project.machine.show("fu2.service", "LoadState", user="kim") == {"LoadState": "not-found"}


def test_for_user_who_is_not_there(project: Project) -> None:
    """Where the user's systemd does not run, files and links are written, and nothing is wrong."""
    said = project.apply(mine("fu3", ', wanted_by="default.target"'), "--for-user", "ida")
    assert "no systemd runs here: it reads this when it starts" in said
    assert "it starts when `ida` logs in" in said
    assert project.machine.sh(f"stat -c %U {of('ida', '/default.target.wants')}").stdout == "ida\n"
    project.machine.sh("systemctl start user@$(id -u ida)")
    assert project.machine.show("fu3.service", "ActiveState", user="ida") == {"ActiveState": "active"}
    project.machine.sh("systemctl stop user@$(id -u ida)")
    project.apply("", "--for-user", "ida")
    assert not project.machine.path(of("ida", "/fu3.service")).exists()


def test_for_user_leaves_the_systems_alone(project: Project) -> None:
    """A user has one scope only."""
    said = project.apply(mine("fu4") + sleeping("fu5", ', scope="system"'), "--for-user", "kim")
    assert "left alone for `kim`: `fu5.service` of system scope" in said
    assert not project.machine.path(f"{FOLDER}/fu5.service").exists()
    assert project.machine.path(of("kim", "/fu4.service")).exists()


def test_for_user_one_unit(project: Project) -> None:
    """From flags, edited, and looked at; what the user may not do, root cannot do in that name either."""
    flags, words = ("--for-user", "sam"), ("socket", "fu6", "--listen-stream")
    project.write("")
    project.mkunit("service", "fu6", "--exec", "/usr/bin/sleep 1000", "--install", *flags)
    project.mkunit(*words, "7401", "--install", "--start", *flags)
    assert ":7401" in project.listening()
    done = project.mkunit(*words, "/run/fu6.sock", "--install", *flags, check=False)
    assert (done.returncode, "%t/fu6.sock" in done.stderr) == (4, True)
    edit = (project.machine.python, "-m", "mkunit", "edit", "fu6.service", *flags)
    project.machine.run(*edit, env={"EDITOR": "sed -i s/1000/2000/"}, cwd="/root")
    assert "sleep 2000" in project.machine.read(of("sam", "/fu6.service"))
    assert "fu6.socket" in project.mkunit("list", *flags).stdout
    project.mkunit("remove", "fu6.socket", "fu6.service", *flags, "--yes")
    assert ":7401" not in project.listening()


def test_for_user_keeps_roots_terminal(project: Project) -> None:
    """The user's units file is asked about on a terminal that is not root's, into which it could type."""
    project.machine.write("/opt/terminal.py", TERMINAL)
    project.write(TYPE + mine("fu7"))
    command = (project.machine.python, "-m", "mkunit", "-C", project.folder, "plan", "--for-user", "kim")
    script = 'before=$(tty); "$@"; echo "root has $before"; read -t 0.2 line && echo "got $line" || echo "got nothing"'
    said = project.machine.run("/usr/bin/python3", "/opt/terminal.py", "bash", "-c", script, "bash", *command).stdout
    inner, outer = said.partition("typed into ")[2].split()[0], said.partition("root has ")[2].split()[0]
    assert inner != outer
    assert "got nothing" in said
    project.write(mine("fu7"))
    words = (*command[:-3], "apply", "--for-user", "kim", "--settle", "0.2")
    said = project.machine.run("/usr/bin/python3", "/opt/terminal.py", *words).stdout
    assert "Apply this? [y/N]" in said
    assert project.machine.show("fu7.service", "ActiveState", user="kim") == {"ActiveState": "active"}


def test_a_look_keeps_roots_terminal(project: Project) -> None:
    """Root who looks at somebody else's units files: they cannot type into root's terminal either."""
    project.machine.write("/opt/terminal.py", TERMINAL)
    project.write(
        f"try:\n    {TYPE.strip().replace(chr(10), chr(10) + '    ')}\nexcept OSError as e:\n    print('refused:', e)"
    )
    project.machine.run("chown", "-R", "kim:", project.folder)
    command = (project.machine.python, "-m", "mkunit", "-C", project.folder, "plan")
    script = '"$@"; read -t 0.2 line && echo "got $line" || echo "got nothing"'
    said = project.machine.run("/usr/bin/python3", "/opt/terminal.py", "bash", "-c", script, "bash", *command).stdout
    assert ("refused:" in said, "typed into" in said, "got nothing" in said) == (True, False, True)


def test_for_user_refused(project: Project) -> None:
    """Root alone, for somebody who is there, who has a home, and who may read the units files and mkunit."""
    machine = project.machine
    machine.sh(
        "useradd --no-create-home noah; useradd --no-create-home --home-dir / rosa; mkdir -p -m 700 /root/closed/units; chmod 700 /root/closed"
    )
    project.write(mine("fu8"))

    def apply(user: str, folder: str = project.folder, by: str | None = None, *more: str) -> tuple[int, str]:
        words = (machine.python, "-m", "mkunit", "-C", folder, "apply", "--yes", "--for-user", user, *more)
        done = machine.run(*words, user=by, check=False)
        return done.returncode, done.stderr.partition("error[")[2].partition("]")[0]

    assert apply("sam", by="kim") == (4, "permission")
    assert apply("kimm") == (2, "unknown-user")
    assert apply("noah") == (9, "no-home")
    assert apply("rosa") == (9, "no-home")
    assert apply("kim", "/root/closed") == (4, "unreadable")
    assert apply("kim", project.folder, None, "--root", "/") == (2, "usage")
    assert apply("kim", project.folder, None, "--system") == (2, "usage")
    assert machine.run(machine.python, "-m", "mkunit", "list", "--for-user", "kim", cwd="/root").returncode == 0
    assert not machine.path(of("kim", "/fu8.service")).exists()


def test_for_user_who_it_is_already(project: Project) -> None:
    """A user may say so without being root."""
    project.write(mine("fu9"))
    command = (project.machine.python, "-m", "mkunit", "-C", project.folder, "apply", "--for-user", "sam", "--yes")
    project.machine.run(*command, "--settle", "0.2", user="sam")
    assert project.machine.show("fu9.service", "ActiveState", user="sam") == {"ActiveState": "active"}


ALL = "/etc/systemd/user"


def loads(machine: Machine, unit: str, *users: str, name: str = "ActiveState") -> list[str]:
    return [machine.show(unit, name, user=user)[name] for user in users]


def test_global(project: Project) -> None:
    """Written once, read by each user's systemd that runs; one user's stopped unit is left alone, the other's restarts."""
    machine = project.machine
    plan = project.plan(mine("gl1").replace(', ensure="running"', ', wanted_by="default.target"'), "--global")
    assert plan["gl1.service"] == ("tell", "by the systemd of `kim` and `sam`; that of others reads it when it starts")
    assert plan["kim/gl1.service"][0] == plan["sam/gl1.service"][0] == "start"
    text = 'Service("gl1", exec_start="/usr/bin/sleep 1000", scope="user", wanted_by="default.target"{})\n'
    project.apply(text.format(""), "--global")
    assert machine.sh(f"stat -c %U:%a {ALL}/gl1.service").stdout == "root:644\n"
    assert machine.run("readlink", f"{ALL}/default.target.wants/gl1.service").stdout == f"{ALL}/gl1.service\n"
    assert loads(machine, "gl1.service", "kim", "sam") == ["active", "active"]
    machine.run("systemctl", "--user", "stop", "gl1.service", user="sam")
    before = loads(machine, "gl1.service", "kim", name="InvocationID")
    said = project.apply(text.format(', environment={"A": "1"}'), "--global")
    assert "restart kim/gl1.service: `Environment=` changed, and it is running" in said
    assert "sam/gl1.service (unchanged)\n    nothing: stopped by the administrator" in said
    assert loads(machine, "gl1.service", "kim", "sam") == ["active", "inactive"]
    assert loads(machine, "gl1.service", "kim", name="InvocationID") != before
    assert loads(machine, "gl1.service", "kim", "sam", name="NeedDaemonReload") == ["no", "no"]
    assert "nothing to do" in project.apply(text.format(', environment={"A": "1"}'), "--global")


def test_global_rollback_and_remove(project: Project) -> None:
    """Its records are apart from the system's; what was applied to all goes from all."""
    machine = project.machine
    project.apply(mine("gl2") + sleeping("gl3", ', scope="system"'), "--global")
    project.apply(mine("gl2", ", nice=3") + sleeping("gl3", ', scope="system"'), "--global")
    assert machine.path(f"/var/lib/mkunit/user/projects/{project.name}/generations/2.json").exists()
    assert not machine.path(f"/var/lib/mkunit/projects/{project.name}/generations/2.json").exists()
    assert "active (2 of 2 users)" in project.mkunit("list", "gl2").stdout
    own = machine.run(machine.python, "-m", "mkunit", "list", "gl2", user="kim").stdout
    assert "active (1 of 1 user)" in own
    project.mkunit("rollback", "--global", "--yes", "--settle", "0.3")
    assert loads(machine, "gl2.service", "kim", "sam", name="Nice") == ["0", "0"]
    project.mkunit("remove", "gl2", "--yes", "--force", "--settle", "0.3")
    assert loads(machine, "gl2.service", "kim", "sam", name="LoadState") == ["not-found", "not-found"]
    assert not machine.path(f"{ALL}/gl2.service").exists()
    assert machine.path(f"{FOLDER}/gl3.service").exists()


def test_global_is_taken_back(project: Project) -> None:
    """What fails for one user is taken back for all, and that user is named."""
    machine = project.machine
    project.apply(mine("gl4"), "--global")
    machine.write(of("kim", "/gl4.service.d/own.conf"), "[Service]\nExecStartPre=/usr/bin/test ${A} != 1\n")
    said = project.apply(mine("gl4", ', environment={"A": "1"}'), "--global", code=7)
    assert "`kim/gl4.service`" in said
    assert "`sam/gl4.service`" not in said.partition("error[")[2]
    assert loads(machine, "gl4.service", "kim", "sam") == ["active", "active"]
    assert "Environment" not in machine.read(f"{ALL}/gl4.service")
    machine.run("rm", "-r", of("kim", "/gl4.service.d"))


def test_global_socket_under_a_running_service(project: Project) -> None:
    """Only the user whose service holds the socket has both stopped first."""
    units = 'Socket("gl5", listen=["%t/{0}.sock"], scope="user")\nService("gl5", exec_start="/usr/bin/sleep 1000", scope="user")\n'
    machine = project.machine
    project.apply(units.format("one"), "--global")
    machine.run("systemctl", "--user", "start", "gl5.service", user="kim")
    said = project.apply(units.format("two"), "--global")
    assert "1. systemctl stop kim/gl5.socket kim/gl5.service\n" in said
    assert loads(machine, "gl5.socket", "kim", "sam") == ["active", "active"]
    assert loads(machine, "gl5.service", "kim", "sam") == ["active", "inactive"]
    assert machine.sh("ls /run/user/$(id -u kim)/two.sock /run/user/$(id -u sam)/two.sock").stdout.count("two") == 2


def test_global_and_a_users_own(project: Project) -> None:
    """Who has a file of their own keeps what they run."""
    machine = project.machine
    machine.write(of("sam", "/gl6.service"), "[Service]\nExecStart=/usr/bin/sleep 99\n")
    machine.sh("systemctl --user daemon-reload; systemctl --user start gl6.service", user="sam")
    before = loads(machine, "gl6.service", "sam", name="InvocationID")
    project.apply(mine("gl6"), "--global")
    said = project.apply(mine("gl6", ", nice=1"), "--global")
    assert "= sam/gl6.service (unchanged)\n    nothing: the user has a file of their own for it" in said
    assert f"`sam` has a `gl6.service` of their own, {of('sam', '/gl6.service')}" in said
    assert loads(machine, "gl6.service", "sam", name="InvocationID") == before
    assert loads(machine, "gl6.service", "kim", name="Nice") == ["1"]


def test_global_one_unit(project: Project) -> None:
    """From flags, and with nobody's help but root's."""
    words = ("service", "gl7", "--exec", "/usr/bin/sleep 1000", "--install", "--start", "--global")
    project.write("")
    project.mkunit(*words)
    assert loads(project.machine, "gl7.service", "kim", "sam") == ["active", "active"]
    project.mkunit("remove", "gl7", "--yes", "--settle", "0.2")
    for line in (words, ("apply", "--global", "--yes"), ("plan", "--global"), ("rollback", "--global", "--yes")):
        command = (project.machine.python, "-m", "mkunit", "-C", project.folder, *line)
        done = project.machine.run(*command, user="kim", check=False)
        assert (line, done.returncode, "error[permission]" in done.stderr) == (line, 4, True)


def test_global_after_an_interruption(project: Project) -> None:
    """The process is killed between two users: what was begun is carried to its end."""
    machine = project.machine
    slow = ", exec_start_pre=\"/bin/sh -c 'if test -e /run/slow; then sleep 3; fi'\""
    project.apply(mine("gl8"), "--global")
    project.write(mine("gl8", f", nice=2{slow}"))
    machine.run("touch", "/run/slow")
    kim = "setpriv --reuid=kim --clear-groups env XDG_RUNTIME_DIR=/run/user/$(id -u kim)"
    wait = f"until {kim} systemctl --user is-active gl8.service | grep -q activating; do sleep 0.1; done"
    script = f"{machine.python} -m mkunit -C {project.folder} apply --global --yes & {wait}; kill -9 $!"
    machine.sh(script)
    machine.run("rm", "/run/slow")
    assert "carried to its end" in project.mkunit("recover", "--settle", "0.2").stderr
    assert loads(machine, "gl8.service", "kim", "sam", name="Nice") == ["2", "2"]
    assert loads(machine, "gl8.service", "kim", "sam") == ["active", "active"]


def test_plan_of_somebody_elses_files(project: Project) -> None:
    """Root plans for all what another user has written: the units file has that one's rights."""
    project.write('import os\nassert os.getuid(), "root ran it"\n' + mine("gl9"))
    project.machine.run("chown", "-R", "kim:", project.folder)
    said = project.mkunit("plan", "--global").stdout
    assert "start kim/gl9.service" in said
    assert "start sam/gl9.service" in said


def test_global_without_one_who_does_not_answer(project: Project) -> None:
    """A user can stop their own systemd, but nothing of root's."""
    machine = project.machine
    project.apply(mine("gla"), "--global")
    manager = machine.sh("systemctl show --property=MainPID --value user@$(id -u sam).service").stdout.strip()
    machine.run("kill", "-STOP", manager)
    try:
        said = project.apply(mine("gla", ", nice=4"), "--global")
    finally:
        machine.run("kill", "-CONT", manager)
    assert "the systemd of `sam` does not answer, and is left out" in said
    assert loads(machine, "gla.service", "kim", name="Nice") == ["4"]


def test_global_below_another_root(project: Project) -> None:
    """An image has them for all its users, who are not there yet; anybody may make one of their own."""
    project.machine.sh(f"mkdir -p /srv/img; chown -R kim: /srv/img; mkdir -p {project.folder}")
    project.write(mine("glb", ', wanted_by="default.target"'))
    command = (project.machine.python, "-m", "mkunit", "-C", project.folder, "apply", "--yes", "--root", "/srv/img")
    project.machine.run(*command, "--global", user="kim")
    link = "/srv/img/etc/systemd/user/default.target.wants/glb.service"
    assert project.machine.run("readlink", link).stdout == f"{ALL}/glb.service\n"
    assert "nothing to do" in project.machine.run(*command, user="kim").stderr
