"""What an apply refuses to touch, and the commands around it: stored plans, rollback, remove, locks, other roots, users."""

import json
import threading
import time

import pytest
from bench import FOLDER, Project, sleeping

from mkunit.testing.machine import Machine


def test_foreign_file(project: Project) -> None:
    """Exit 9, untouched; with --adopt it is taken over, and comes back when the unit goes."""
    project.machine.write(f"{FOLDER}/g1.service", "[Service]\nExecStart=/bin/true\n")
    said = project.apply(sleeping("g1") + sleeping("g2"), code=9)
    assert "foreign-file" in said
    assert not project.machine.path(f"{FOLDER}/g2.service").exists()
    project.apply(sleeping("g1") + sleeping("g2"), "--adopt", "g1.service")
    project.apply(sleeping("g2"))
    assert project.machine.read(f"{FOLDER}/g1.service") == "[Service]\nExecStart=/bin/true\n"


def test_drift(project: Project) -> None:
    """A file of ours that somebody has edited: exit 9, and status says so."""
    project.apply(sleeping("h1"))
    project.machine.sh(f"echo '# mine' >>{FOLDER}/h1.service")
    assert "drift" in project.apply(sleeping("h1", ", nice=5"), code=9)
    assert "changed: h1.service" in project.mkunit("status", "h1", check=False).stdout
    project.apply(sleeping("h1", ", nice=5"), "--overwrite-drift")
    assert "# mine" not in project.machine.read(f"{FOLDER}/h1.service")


@pytest.mark.parametrize("target", ["/dev/null", "/etc/passwd"])
def test_symlink(project: Project, target: str) -> None:
    """A mask, and a link to who knows where: nothing is written through it."""
    before = project.machine.run("md5sum", "/etc/passwd").stdout
    project.machine.run("ln", "-sfn", target, f"{FOLDER}/j1.service")
    project.apply(sleeping("j1"), "--adopt", "j1.service", code=9)
    assert project.machine.run("readlink", f"{FOLDER}/j1.service").stdout == f"{target}\n"
    assert project.machine.run("md5sum", "/etc/passwd").stdout == before
    project.machine.run("rm", f"{FOLDER}/j1.service")


def test_folder_that_others_may_write(project: Project) -> None:
    """A parent that somebody else could change under us."""
    project.machine.run("install", "-d", "-m", "0777", f"{FOLDER}/q1.service.d")
    said = project.apply('DropIn("q1.service", nice=5)', code=9)
    assert "unsafe-folder" in said
    assert list(project.machine.path(f"{FOLDER}/q1.service.d").iterdir()) == []


def test_folder_that_is_a_link(project: Project) -> None:
    """Whoever owns what it leads to: that is not the folder that we know."""
    project.machine.run("install", "-d", "/srv/elsewhere")
    project.machine.run("ln", "-s", "/srv/elsewhere", f"{FOLDER}/q2.service.d")
    assert "is a link" in project.apply('DropIn("q2.service", nice=5)', code=9)
    assert project.machine.run("ls", "/srv/elsewhere").stdout == ""


def test_other_projects_files(project: Project) -> None:
    """One path, two projects: the second is refused."""
    project.apply(sleeping("v1"))
    other = Project(project.machine, "v-other")
    assert "claimed" in other.apply(sleeping("v1"), code=9)


def test_two_at_once(project: Project) -> None:
    """The second says who is at work, or waits until the first is done."""
    slow = Project(project.machine, "x-slow")
    first = threading.Thread(
        target=slow.apply, args=(sleeping("x2", ', ensure="running", exec_start_pre="/usr/bin/sleep 2.5"'),)
    )
    first.start()
    project.machine.sh("until systemctl show -p SubState x2.service | grep -q start-pre; do sleep 0.02; done")
    at_work = project.machine.run("pgrep", "-f", "mkunit .*/srv/x-slow").stdout.split()
    said = project.apply(sleeping("x1"), code=75)
    assert any(f"process {pid}" in said for pid in at_work)
    assert not project.machine.path(f"{FOLDER}/x1.service").exists()
    project.apply(sleeping("x1"), "--wait", "20")
    assert project.state("x2.service") == "active", "the first was done when the second began"
    first.join()


def test_needs_a_yes(project: Project) -> None:
    """Where nobody can be asked, nothing is done without --yes."""
    project.write(sleeping("y1"))
    done = project.mkunit("apply", check=False)
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert not project.machine.path(f"{FOLDER}/y1.service").exists()


def test_stored_plan(project: Project) -> None:
    """It does exactly what was looked at; once something has changed it is stale."""
    project.write(sleeping("z1"))
    assert project.mkunit("plan", "--exit-code", check=False).returncode == 6
    project.mkunit("plan", "--out", "next.plan")
    project.write(sleeping("z1", ", nice=9"))
    project.mkunit("apply", "next.plan", "--yes")
    assert "Nice" not in project.machine.read(f"{FOLDER}/z1.service")
    done = project.mkunit("apply", "next.plan", "--yes", check=False)
    assert (done.returncode, "stale-plan" in done.stderr) == (9, True)
    assert project.mkunit("plan", "--exit-code", check=False).returncode == 6


def test_stored_plan_of_a_machine_that_has_moved_on(project: Project) -> None:
    """It said what would be restarted: stopped meanwhile, that is no longer so."""
    project.apply(sleeping("zs", ', ensure="running"'))
    project.write(sleeping("zs", ", nice=9"))
    project.mkunit("plan", "--out", "next.plan")
    project.machine.run("systemctl", "stop", "zs.service")
    done = project.mkunit("apply", "next.plan", "--yes", check=False)
    assert (done.returncode, "stale-plan" in done.stderr) == (9, True)
    assert "Nice" not in project.machine.read(f"{FOLDER}/zs.service")


def test_rollback_and_history(project: Project) -> None:
    """An older generation comes back; history tells of all."""
    for nice in (1, 2, 3):
        project.apply(sleeping("ro", f', nice={nice}, ensure="running"'))
    project.mkunit("rollback", "--yes", "--settle", "0.3")
    assert "Nice=2" in project.machine.read(f"{FOLDER}/ro.service")
    project.mkunit("rollback", "1", "--yes", "--settle", "0.3")
    assert project.show("ro.service", "Nice") == "1"
    rows = json.loads(project.mkunit("history", "--json").stdout)["generations"]
    assert [(row["generation"], row["command"]) for row in rows][:2] == [(5, "rollback to 1"), (4, "rollback to 2")]
    assert project.mkunit("rollback", "99", "--yes", check=False).returncode == 9


def test_remove(project: Project) -> None:
    """A one-off goes with its links, even where `systemctl disable` has taken those; a project's unit does not."""
    project.machine.write(f"{FOLDER}/rm.service", "[Service]\nExecStart=/usr/bin/sleep 100\n")
    project.mkunit("socket", "rm", "--listen-stream", "7301", "--system", "--enable", "--start")
    project.machine.run("systemctl", "disable", "--quiet", "rm.socket")
    project.apply(sleeping("rmp"))
    assert project.mkunit("remove", "rmp", "--yes", check=False).returncode == 9
    assert project.machine.path(f"{FOLDER}/rm.socket").exists(), "an apply never removes one-offs"
    project.mkunit("remove", "rm.socket", "--system", "--yes")
    assert not project.machine.path(f"{FOLDER}/rm.socket").exists()
    assert ":7301" not in project.listening()
    assert project.mkunit("remove", "rm.socket", "--yes", check=False).returncode == 3


def test_remove_says_what_stays(project: Project) -> None:
    """The service that came with a socket is a unit of its own, which nothing starts any more."""
    project.mkunit(
        "socket", "left", "--listen-stream", "6611", "--exec", "/usr/bin/cat", "--accept", "--install", "--system"
    )
    said = project.mkunit("remove", "left.socket", "--system", "--yes").stderr
    assert "`left@.service` stays, which `left.socket` started: `mkunit remove left@.service`" in said
    assert "stays" not in project.mkunit("remove", "left@.service", "--system", "--yes").stderr


def test_confirm(project: Project) -> None:
    """What nobody confirms is taken back by systemd itself; what is confirmed stays."""
    project.apply(sleeping("co", ', nice=1, ensure="running"'))
    project.apply(sleeping("co", ', nice=2, ensure="running"'), "--confirm", "60")
    project.apply(sleeping("co", ', nice=3, ensure="running"'), code=75)
    project.mkunit("confirm")
    assert project.show("co.service", "Nice") == "2"
    project.apply(sleeping("co", ', nice=3, ensure="running"'), "--confirm", "1.5")
    deadline = time.monotonic() + 20
    while project.show("co.service", "Nice") != "2" and time.monotonic() < deadline:
        time.sleep(0.2)
    assert project.show("co.service", "Nice") == "2"
    assert "Nice=2" in project.machine.read(f"{FOLDER}/co.service")


def test_other_root(project: Project) -> None:
    """Files and links below another root; this machine's systemd is not asked."""
    project.machine.run("mkdir", "-p", "/srv/image/etc/systemd/system")
    project.apply(sleeping("im"), "--root", "/srv/image")
    assert project.machine.path("/srv/image/etc/systemd/system/im.service").exists()
    assert project.machine.run(
        "readlink", "/srv/image/etc/systemd/system/multi-user.target.wants/im.service"
    ).stdout == (f"{FOLDER}/im.service\n")
    assert not project.machine.path(f"{FOLDER}/im.service").exists()
    assert "nothing to do" in project.apply(sleeping("im"), "--root", "/srv/image")


def test_user_scope(prepared: Machine) -> None:
    """An ordinary user's own units, by that user's systemd."""
    prepared.add_user("una")
    project = Project(prepared, "mine", "una")
    text = 'Service("us", exec_start="/usr/bin/sleep 1000", scope="user", wanted_by="default.target"{})\n'
    prepared.sh("install -d -o una -g una /home/una/mine /home/una/mine/units")
    project.apply(text.format(', ensure="running"'))
    before = project.invocation("us.service")
    project.apply(text.format(', ensure="running", environment={"A": "1"}'))
    assert project.invocation("us.service") != before
    assert project.state("us.service") == "active"
    assert "us.service" in project.mkunit("list").stdout
    assert project.apply(text.format(', exec_start_pre="/usr/bin/false"'), code=7)
    assert project.state("us.service") == "active"
    said = project.apply('Service("no", exec_start="/bin/true", scope="system")\n', code=4)
    assert "sudo" in said


def test_user_scope_of_root(project: Project) -> None:
    """root has a manager of its own, too, which is not the system's."""
    project.machine.run("systemctl", "start", "user@0.service")
    text = 'Service("ur", exec_start="/usr/bin/sleep 1000", scope="user", ensure="running"{})\n'
    show = ("systemctl", "--user", "show", "--value", "--property=InvocationID", "ur.service")
    runtime = {"XDG_RUNTIME_DIR": "/run/user/0"}
    project.apply(text.format(""))
    before = project.machine.run(*show, env=runtime).stdout
    project.apply(text.format(", nice=1"))
    assert project.machine.run(*show, env=runtime).stdout not in ("\n", before)
    assert project.machine.path("/root/.config/systemd/user/ur.service").exists()
    assert project.show("ur.service", "LoadState") == "not-found"
    project.apply(text.format(', nice=1, exec_start_pre="/usr/bin/false"'), code=7)
    assert project.machine.run("systemctl", "--user", "is-active", "ur.service", env=runtime).stdout == "active\n"


def test_unmanaged_commands_show_nothing(project: Project) -> None:
    """Where nothing was applied, history and list say so, and end well."""
    project.write(sleeping("none"))
    assert project.mkunit("history").stdout == ""


def test_accepted_with_a_frown(project: Project) -> None:
    """What systemd warns of and does all the same is no reason to refuse: the line is in force."""
    more = ', user="nobody", kill_mode="none", standard_output="syslog", pid_file="/var/run/frown.pid"'
    project.apply(sleeping("frown", more))
    shown = project.machine.show("frown.service", "KillMode", "User", "PIDFile", "StandardOutput")
    assert shown == {"KillMode": "none", "User": "nobody", "PIDFile": "/run/frown.pid", "StandardOutput": "journal"}


def test_forged_complaint(project: Project) -> None:
    """Anybody may write to the journal that systemd ignores one of our lines; only systemd itself is believed."""
    fields = (
        f"MESSAGE_ID=c772d24e9a884cbeb9ea12625c306c01\nCONFIG_FILE={FOLDER}/veto.service\nCONFIG_LINE=2\nPRIORITY=3"
    )
    project.machine.write("/opt/forged", f"{fields}\nMESSAGE=nonsense\n")
    forge = "while sleep 0.05; do logger --journald=/opt/forged; done"
    project.machine.run("systemd-run", "--unit=forger", "--uid=nobody", "/bin/sh", "-c", forge)
    project.apply(sleeping("veto"))
    project.machine.run("systemctl", "stop", "forger")
    seen = project.machine.sh("journalctl --sync; journalctl -o cat MESSAGE_ID=c772d24e9a884cbeb9ea12625c306c01").stdout
    assert "nonsense" in seen


def test_last_words(project: Project) -> None:
    """What a service says before it fails is shown, however soon it is gone: each with its own line."""
    units = "".join(f'Service("last{n}", exec_start="/usr/bin/sleep wrong{n}", ensure="running")\n' for n in range(5))
    said = project.apply(units, code=7)
    assert [n for n in range(5) if f"    /usr/bin/sleep: invalid time interval ‘wrong{n}’" not in said] == []
