"""`mkunit edit` on a real machine: what becomes of one-offs, of a project's units, and of those that came with the system."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from bench import Project, quicken
from terminal import Seen, on_terminal

from mkunit.testing import inside
from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
SLEEP = "[Service]\nExecStart=/usr/bin/sleep 1000\n"
DROPIN = f"{FOLDER}/web.service.d/override.conf"
SHOP = 'Service("web", exec_start="/usr/bin/sleep 1000", wanted_by="machine.target")'
RESTART = "Restart web.service? [y/N]: "


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    quicken(machine)
    machine.add_user("kim")
    return machine


@pytest.fixture
def empty(prepared: Machine) -> Iterator[Machine]:
    """The machine, of which nothing is left afterwards."""
    yield prepared
    prepared.sh(f"systemctl stop web.service || true; find {FOLDER} -name 'web*' -o -name 'dbus*' | xargs rm -rf")
    prepared.sh("rm -rf /var/lib/mkunit /srv/shop /home/kim/.config /home/kim/.local")
    prepared.sh("systemctl daemon-reload; systemctl reset-failed")


@pytest.fixture
def clean(empty: Machine) -> Machine:
    """With an administrator's service that runs."""
    empty.write(f"{FOLDER}/web.service", SLEEP)
    empty.sh("systemctl daemon-reload; systemctl restart web.service")
    return empty


@pytest.fixture
def shop(empty: Machine) -> Project:
    """With a project's service that runs."""
    project = Project(empty, "shop")
    project.apply(SHOP)
    return project


def mkunit(
    machine: Machine, *words: str, user: str | None = None, check: bool = True, text: str | None = None, **more: str
) -> CompletedProcess[str]:
    command = (machine.python, "-m", "mkunit", *words)
    return machine.run(*command, user=user, env=more, check=check, cwd="/tmp", input=text)


def on_machine(machine: Machine, *words: str, answers: Sequence[tuple[str, str]], folder: str = "/tmp") -> Seen:
    """A person at a terminal of the machine."""
    line = inside.command(
        (machine.python, "-m", "mkunit"), machine.pid, inside.ROOT, {"EDITOR": "/tmp/editor", "TERM": "xterm"}, folder
    )
    return on_terminal(words, Path("/"), answers, program=line)


def editor(machine: Machine, script: str) -> str:
    """An editor that is a shell script; the file is $1."""
    machine.write("/tmp/editor", f"#!/bin/sh\n{script}\n")
    machine.run("chmod", "+x", "/tmp/editor")
    return "/tmp/editor"


def files(machine: Machine, name: str = "web") -> list[tuple[str, str]]:
    """How the files of a unit stand, by project."""
    return [(one["project"], one["files"]) for one in listed(machine, name)]


def listed(machine: Machine, name: str) -> list[dict[str, str]]:
    """What mkunit has installed of a name."""
    return json.loads(mkunit(machine, "list", name, "--system", "--json").stdout)["units"]


def test_in_place(clean: Machine) -> None:
    """An administrator's own file is edited itself; the service runs as it was until it is restarted."""
    pid = clean.show("web.service", "MainPID")
    done = mkunit(clean, "edit", "web", EDITOR=editor(clean, "sed -i s/1000/2000/ $1"))
    assert "sleep 2000" in clean.read(f"{FOLDER}/web.service")
    assert "`systemctl restart web.service`" in done.stderr
    assert clean.show("web.service", "MainPID", "NeedDaemonReload") == {**pid, "NeedDaemonReload": "no"}
    mkunit(clean, "edit", "web", "--restart", VISUAL=editor(clean, "sed -i s/2000/3000/ $1"), EDITOR="false")
    assert clean.show("web.service", "MainPID") != pid


def test_what_was_there_comes_back(clean: Machine) -> None:
    """Somebody's file that was edited is on record; removed, it is again what it was."""
    done = mkunit(clean, "edit", "web", EDITOR=editor(clean, "sed -i s/1000/2000/ $1"))
    assert "`mkunit remove web.service` brings back what was there" in done.stderr
    assert files(clean) == [("one-off", "as applied")]
    mkunit(clean, "remove", "web", "--yes", "--settle", "0.3")
    assert clean.read(f"{FOLDER}/web.service") == SLEEP
    assert clean.show("web.service", "ActiveState") == {"ActiveState": "active"}


@pytest.mark.parametrize(("answer", "restarts"), [("y\n", True), ("\n", False)])
def test_restart_is_offered(clean: Machine, answer: str, restarts: bool) -> None:
    """With the reason; who says no is told what waits, and `status` remembers it."""
    pid = clean.show("web.service", "MainPID")
    editor(clean, "sed -i s/1000/2000/ $1")
    seen = on_machine(clean, "edit", "web", answers=[(RESTART, answer)])
    assert seen.code == 0, seen.text
    assert "`ExecStart=` changed, and it is running" in seen.text
    assert (clean.show("web.service", "MainPID") != pid) is restarts
    waits = listed(clean, "web")[0]["pending"]
    assert bool(waits) is not restarts


def test_no_restart_where_none_is_needed(clean: Machine) -> None:
    """What is in force at once needs no question."""
    editor(clean, "echo MemoryMax=1G >>$1")
    seen = on_machine(clean, "edit", "web", answers=[])
    assert (seen.code, "Restart" in seen.text) == (0, False)
    assert clean.show("web.service", "MemoryMax") == {"MemoryMax": str(1 << 30)}


def test_drop_in(clean: Machine) -> None:
    """What came with the system stays: a drop-in is made, without what was shown below it; removed, all is as it was."""
    script = 'grep -q "ExecStart=.*dbus" $1; printf "[Service]\\nMemoryMax=2G\\n" | cat - $1 >$1.new; mv $1.new $1'
    done = mkunit(clean, "edit", "dbus.service", "--system", EDITOR=editor(clean, script))
    assert clean.read(f"{FOLDER}/dbus.service.d/override.conf") == "[Service]\nMemoryMax=2G\n"
    assert clean.show("dbus.service", "MemoryMax", "NeedDaemonReload") == {
        "MemoryMax": str(2 << 30),
        "NeedDaemonReload": "no",
    }
    assert "`mkunit remove dbus.service` takes it away again" in done.stderr
    mkunit(clean, "remove", "dbus", "--system", "--yes", "--settle", "0.3")
    assert clean.show("dbus.service", "MemoryMax", "DropInPaths") == {"MemoryMax": "infinity", "DropInPaths": ""}
    assert not clean.path(f"{FOLDER}/dbus.service.d").exists()


def test_drop_in_that_systemd_would_not_load(clean: Machine) -> None:
    """It is judged together with the unit that it belongs to, before anything lands."""
    text = "[Service]\nExecStart=\n"
    done = mkunit(clean, "edit", "dbus.service", "--system", "--stdin", text=text, check=False)
    assert (done.returncode, "dbus.service" in done.stderr) == (1, True)
    assert not clean.path(f"{FOLDER}/dbus.service.d").exists()


def test_from_standard_input(clean: Machine) -> None:
    """As `systemctl edit --stdin`: the whole text, and no editor; a drop-in has the name that is wanted."""
    more = "[Service]\nMemoryMax=1G"
    mkunit(clean, "edit", "web", "--stdin", "--drop-in", "20-memory", text=more, EDITOR="false")
    assert clean.read(f"{FOLDER}/web.service.d/20-memory.conf") == f"{more}\n"
    mkunit(clean, "edit", "web", "--stdin", "--restart", text=SLEEP.replace("1000", "2000"))
    assert "sleep 2000" in clean.run("pgrep", "-af", "sleep").stdout
    assert "nothing was changed" in mkunit(clean, "edit", "web", "--stdin", text="").stderr


def test_the_whole(clean: Machine) -> None:
    """`--full` copies the file first; the unit that came with the system is back when that is removed."""
    mkunit(clean, "edit", "dbus.service", "--system", "--full", EDITOR=editor(clean, "echo MemoryMax=3G >>$1"))
    assert clean.read(f"{FOLDER}/dbus.service").endswith("MemoryMax=3G\n")
    mkunit(clean, "remove", "dbus", "--yes", "--settle", "0.3")
    assert clean.show("dbus.service", "FragmentPath")["FragmentPath"].startswith(("/lib/", "/usr/lib/"))


def test_one_off_stays_ours(empty: Machine) -> None:
    """What mkunit edited is no change of somebody else's; it stays enabled, and goes as it came."""
    words = (
        "service",
        "web",
        "--exec",
        "/usr/bin/sleep 1000",
        "--system",
        "--enable",
        "--set",
        "WantedBy=machine.target",
    )
    mkunit(empty, *words)
    mkunit(empty, "edit", "web", "--drop-in", "more", EDITOR=editor(empty, "echo '[Service]\nMemoryMax=1G' >$1"))
    mkunit(empty, "edit", "web", EDITOR=editor(empty, "sed -i s/1000/2000/ $1"))
    assert files(empty) == [("one-off", "as applied")]
    assert empty.run("systemctl", "is-enabled", "web.service").stdout == "enabled\n"
    mkunit(empty, "remove", "web", "--system", "--yes", "--settle", "0.3")
    assert empty.sh(f"find {FOLDER} -name 'web*'").stdout == ""


@pytest.mark.parametrize("flags", [(), ("--full",)])
def test_project_is_named(shop: Project, flags: tuple[str, ...]) -> None:
    """A file that a project made is refused with its source, and with the other ways."""
    done = mkunit(shop.machine, "edit", "web", *flags, check=False, EDITOR="false")
    assert done.returncode == 9
    assert "is made from `units/all.py` of the project `shop`" in done.stderr
    assert "--drop-in override.conf" in " ".join(done.stderr.split())


def test_project_and_a_drop_in(shop: Project) -> None:
    """On a terminal a drop-in is offered; the project's next plan has nothing to do with it."""
    machine = shop.machine
    editor(machine, "printf '[Service]\\nMemoryMax=1G\\n' >$1")
    seen = on_machine(machine, "edit", "web", answers=[("(d)rop-in instead, or (n)othing? [n]: ", "d\n")])
    assert seen.code == 0, seen.text
    assert machine.read(DROPIN) == "[Service]\nMemoryMax=1G\n"
    assert machine.show("web.service", "MemoryMax") == {"MemoryMax": str(1 << 30)}
    assert sorted(files(machine)) == [("one-off", "as applied"), ("shop", "as applied")]
    assert shop.mkunit("plan", "--exit-code", check=False).returncode == 0
    mkunit(machine, "remove", "web", "--yes", "--settle", "0.3")
    assert not machine.path(DROPIN).exists()
    assert machine.path(f"{FOLDER}/web.service").exists()


def test_project_and_its_source(shop: Project) -> None:
    """Within the project, the source is what is edited; nothing else is touched."""
    editor(shop.machine, "sed -i s/1000/2000/ $1")
    question = "(s)ource or (d)rop-in instead, or (n)othing? [n]: "
    seen = on_machine(shop.machine, "edit", "web", answers=[(question, "s\n")], folder="/srv/shop")
    assert (seen.code, "`mkunit plan` shows" in seen.text) == (0, True), seen.text
    assert "sleep 2000" in shop.machine.read("/srv/shop/units/all.py")
    assert "sleep 1000" in shop.machine.read(f"{FOLDER}/web.service")


def test_project_by_force_is_drift(shop: Project) -> None:
    """An emergency is possible; the project sees it, and neither overwrites nor forgets it."""
    machine = shop.machine
    mkunit(machine, "edit", "web", "--force", "--restart", EDITOR=editor(machine, "sed -i s/1000/2000/ $1"))
    assert "sleep 2000" in machine.run("pgrep", "-af", "sleep").stdout
    assert files(machine) == [("shop", "changed: web.service")]
    done = shop.mkunit("apply", "--yes", check=False)
    assert (done.returncode, "error[drift]" in done.stderr) == (9, True)
    shop.apply(SHOP, "--overwrite-drift")
    assert files(machine) == [("shop", "as applied")]


@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        ("sed -i s/ExecStart/ExecStrat/ $1", 1, "did you mean `ExecStart=`?"),
        ("echo '[Servic' >>$1", 1, "is no header of a section"),
        ("exit 3", 1, "`/tmp/editor` ended with 3: nothing was changed"),
        (":", 0, "nothing was changed"),
        (">$1", 0, "nothing was changed"),
        ("rm $1", 0, "nothing was changed"),
    ],
)
def test_that_does_not_land(clean: Machine, script: str, code: int, message: str) -> None:
    """What systemd would not take, or nobody wanted, leaves the file as it was."""
    done = mkunit(clean, "edit", "web", check=False, EDITOR=editor(clean, script))
    assert done.returncode == code
    assert message in done.stderr
    assert clean.read(f"{FOLDER}/web.service") == SLEEP


@pytest.mark.parametrize("spoil", ["echo ExecStartPre=false >>$1", "printf '[Unit]\\nRequires=none.service\\n' >>$1"])
def test_that_cannot_start_is_taken_back(clean: Machine, spoil: str) -> None:
    """The old file is there again, and runs; what was written is not lost."""
    done = mkunit(clean, "edit", "web", "--restart", check=False, EDITOR=editor(clean, spoil))
    assert done.returncode == 7, done.stderr
    assert clean.read(f"{FOLDER}/web.service") == SLEEP
    assert clean.show("web.service", "ActiveState") == {"ActiveState": "active"}
    kept = done.stderr.partition("what you wrote is kept in `")[2].partition("`")[0]
    assert clean.read(kept).startswith(SLEEP)


def test_changed_meanwhile(clean: Machine) -> None:
    """Whoever was quicker is not overwritten."""
    script = f"echo '# theirs' >>{FOLDER}/web.service; echo '# mine' >>$1"
    done = mkunit(clean, "edit", "web", check=False, EDITOR=editor(clean, script))
    assert (done.returncode, "was changed meanwhile" in done.stderr) == (9, True)
    assert clean.read(f"{FOLDER}/web.service") == f"{SLEEP}# theirs\n"


def test_refused(clean: Machine) -> None:
    """What looks built is changed there; what is the system's is not for everybody; no editor is an error."""
    clean.write(f"{FOLDER}/web.service", f"# Generated by mkunit from units/web.py\n{SLEEP}")
    done = mkunit(clean, "edit", "web", check=False, EDITOR="true")
    assert (done.returncode, "units/web.py" in done.stderr) == (9, True)
    assert mkunit(clean, "edit", "dbus.service", "--system", user="kim", check=False, EDITOR="true").returncode == 4
    assert mkunit(clean, "edit", "web", "--force", check=False, EDITOR="no-such-editor").returncode == 2
    assert mkunit(clean, "edit", "web", "--drop-in", "../x", check=False, EDITOR="true").returncode == 2


def test_own_unit(empty: Machine) -> None:
    """A user edits what came for everybody's systemd, in a folder of their own."""
    script = editor(empty, "printf '[Service]\\nMemoryMax=1G\\n' >$1")
    mkunit(empty, "edit", "dbus.service", "--user", user="kim", EDITOR=script)
    place = "/home/kim/.config/systemd/user/dbus.service.d/override.conf"
    assert empty.run("stat", "--format=%U", place).stdout == "kim\n"
    assert empty.show("dbus.service", "DropInPaths", user="kim") == {"DropInPaths": place}
