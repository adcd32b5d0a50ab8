"""The decision table on the real systemd: each row a scenario, judged by invocations, sockets, connections and states."""

import threading

import pytest
from bench import FOLDER, Project, sleeping


def serving(name: str, port: int, word: str = "one", more: str = "", socket: str = "") -> str:
    return (
        f'api = Service("{name}", exec_start="/usr/bin/python3 /opt/serve.py {word}"{more})\n'
        f'Socket("{name}", listen=[{port}], activates=api{socket})\n'
    )


def test_socket_changed_under_an_active_service(project: Project) -> None:
    """Both stop, the socket is bound anew, and the service runs on the new descriptors."""
    project.apply(serving("s1", 7101))
    assert project.ask(7101) == "one x"
    before = [project.invocation(f"s1.{kind}") for kind in ("socket", "service")]
    said = project.apply(serving("s1", 7102))
    after = [project.invocation(f"s1.{kind}") for kind in ("socket", "service")]
    assert not set(before) & set(after)
    assert "socket and service together" in " ".join(said.split())
    assert ":7102" in project.listening()
    assert ":7101" not in project.listening()
    assert (project.state("s1.socket"), project.state("s1.service"), project.ask(7102)) == ("active", "active", "one x")


def test_socket_changed_while_the_service_is_inactive(project: Project) -> None:
    """The socket alone is restarted; nothing starts the service."""
    project.apply(serving("s2", 7103))
    project.apply(serving("s2", 7104))
    assert ":7104" in project.listening()
    assert project.state("s2.service") == "inactive"


def test_service_alone_refuses_nobody(project: Project) -> None:
    """A client that connects every 10 ms is never refused while the service is replaced behind its socket."""
    project.apply(serving("s3", 7105))
    assert project.ask(7105) == "one x"
    socket = project.invocation("s3.socket")
    counted: list[str] = []
    knock = threading.Thread(
        target=lambda: counted.append(project.machine.run("/usr/bin/python3", "/opt/knock.py", "7105").stdout)
    )
    knock.start()
    project.machine.sh("until test -e /run/knocking; do sleep 0.05; done")
    project.apply(serving("s3", 7105, "two"))
    project.machine.run("rm", "/run/knocking")
    knock.join()
    made, refused = map(int, counted[0].split())
    assert made > 20
    assert refused == 0
    assert project.ask(7105) == "two x"
    assert project.invocation("s3.socket") == socket


def test_new_socket_for_an_active_service(project: Project) -> None:
    """systemd refuses it under the running service: that one stops first, and gets the descriptors."""
    project.apply(
        'Service("s4", exec_start="/usr/bin/python3 /opt/serve.py one", environment={"LISTEN_FDS": "0"}, ensure="running")'
    )
    before = project.invocation("s4.service")
    project.apply(serving("s4", 7106, more=', ensure="running"'))
    assert project.invocation("s4.service") != before
    assert project.ask(7106) == "one x"


def test_accepting_socket_keeps_its_connections(project: Project) -> None:
    """The socket is bound anew; an open connection stays with its instance."""
    text = (
        'Socket("s5", listen=[{}], accept=True)\nService("s5@", exec_start="/usr/bin/cat", standard_input="socket"{})\n'
    )
    project.apply(text.format(7107, ""))
    talk = "import socket,sys,time; c=socket.create_connection(('127.0.0.1',7107)); c.sendall(b'a'); c.recv(1)\n"
    talk += "open('/run/s5','w').close()\nimport os\nwhile os.path.exists('/run/s5'): time.sleep(0.05)\nc.sendall(b'b'); print(c.recv(1).decode())"
    heard: list[str] = []
    held = threading.Thread(target=lambda: heard.append(project.machine.run("/usr/bin/python3", "-c", talk).stdout))
    held.start()
    project.machine.sh("until test -e /run/s5; do sleep 0.05; done")
    said = project.apply(text.format(7108, ', environment={"A": "1"}'))
    assert "1 connection stay" in said
    assert ":7108" in project.listening()
    project.machine.run("rm", "/run/s5")
    held.join()
    assert heard == ["b\n"]


def test_removed_unit_is_stopped_by_its_old_definition(project: Project) -> None:
    """Its ExecStop= runs, and nothing of it is left."""
    project.apply(sleeping("r1", ', exec_stop="/usr/bin/touch /run/r1-stopped", ensure="running"') + sleeping("r2"))
    project.apply(sleeping("r2"))
    assert project.machine.path("/run/r1-stopped").exists()
    assert project.machine.show("r1.service", "LoadState", "ActiveState") == {
        "LoadState": "not-found",
        "ActiveState": "inactive",
    }
    assert not project.machine.path(f"{FOLDER}/multi-user.target.wants/r1.service").is_symlink()


def test_removed_but_left_running(project: Project) -> None:
    """`on_remove="keep"`."""
    project.apply(sleeping("r3", ', on_remove="keep", ensure="running"') + sleeping("r4"))
    project.apply(sleeping("r4"))
    assert project.state("r3.service") == "active"
    assert not project.machine.path(f"{FOLDER}/r3.service").exists()


def test_removed_template_stops_its_instances(project: Project) -> None:
    """All of them."""
    project.apply(sleeping("rt@") + sleeping("r5"))
    project.start("rt@a.service", "rt@b.service")
    project.apply(sleeping("r5"))
    assert {project.state(f"rt@{name}.service") for name in "ab"} == {"inactive"}


def test_stopped_by_the_administrator_stays_so(project: Project) -> None:
    """Enabled, and not started: changed or not."""
    project.apply(sleeping("a1", ', wanted_by="machine.target"'))
    assert project.state("a1.service") == "active"
    project.machine.run("systemctl", "stop", "a1.service")
    said = project.apply(sleeping("a1", ', wanted_by="machine.target", environment={"A": "1"}'))
    assert "stopped by the administrator" in said
    project.apply(sleeping("a1", ', wanted_by="machine.target", environment={"A": "1"}'))
    assert project.state("a1.service") == "inactive"


def test_ensured_unit_is_started(project: Project) -> None:
    """`ensure="running"` starts what was stopped, though nothing has changed."""
    text = sleeping("a2", ', ensure="running"')
    project.apply(text)
    project.machine.run("systemctl", "stop", "a2.service")
    project.apply(text)
    assert project.state("a2.service") == "active"


def test_disabled_by_the_administrator_stays_so(project: Project) -> None:
    """Its link is not made again."""
    text = sleeping("a3", ', wanted_by="machine.target"')
    project.apply(text)
    project.machine.run("systemctl", "disable", "--quiet", "a3.service")
    assert "disabled by the administrator" in " ".join(project.apply(text).split())
    assert project.machine.run("systemctl", "is-enabled", "a3.service", check=False).stdout == "disabled\n"


def test_oneshot_in_mid_run_is_waited_for(project: Project) -> None:
    """Not one of its commands is skipped; without patience nothing is touched."""
    commands = '["/usr/bin/sleep 2", "/usr/bin/touch /run/o1-{}"]'
    text = 'Service("o1", type="oneshot", exec_start={})\n'
    project.apply(text.format(commands.format("old")))
    project.machine.run("systemctl", "start", "--no-block", "o1.service")
    changed = text.format(commands.format("new").replace("sleep 2", "sleep 1"))
    assert "o1.service" in project.apply(changed, "--busy", "0", code=75)
    assert "sleep 2" in project.machine.read(f"{FOLDER}/o1.service")
    project.apply(changed)
    assert project.machine.path("/run/o1-old").exists()
    assert "sleep 1" in project.machine.read(f"{FOLDER}/o1.service")


def test_template_with_three_instances(project: Project) -> None:
    """Each is restarted, two at a time; an idle one is not started."""
    project.apply(sleeping("t1@", ", rolling=2"))
    project.start(*(f"t1@{name}.service" for name in "abc"))
    before = {project.invocation(f"t1@{name}.service") for name in "abc"}
    said = project.apply(sleeping("t1@", ', rolling=2, environment={"A": "1"}'))
    assert "restart t1@a.service t1@b.service" in said
    after = {project.invocation(f"t1@{name}.service") for name in "abc"}
    assert (len(after), before & after) == (3, set())
    assert project.state("t1@d.service") == "inactive"


def test_failed_unit_that_the_change_mends(project: Project) -> None:
    """It is tried again."""
    project.apply('Service("f1", exec_start="/usr/bin/false")')
    project.machine.run("systemctl", "start", "f1.service", check=False)
    project.machine.sh("until systemctl is-failed --quiet f1; do sleep 0.05; done")
    project.apply(sleeping("f1"))
    assert project.state("f1.service") == "active"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("/bin/sh -c 'echo no such luck >&2; exit 3'", ("exit status 3", "no such luck")),
        ("/opt/nothing-here", ("203/EXEC",)),
        ("/usr/bin/sleep 0.2; false", ()),
    ],
)
def test_crash_after_the_start_is_rolled_back(project: Project, bad: str, words: tuple[str, ...]) -> None:
    """Exit 7, with the reason in words, and the old one serves again."""
    bad = "/bin/sh -c 'sleep 0.1; exit 3'" if not words else bad
    project.apply(serving("c1", 7110))
    assert project.ask(7110) == "one x"
    said = project.apply(
        f'api = Service("c1", exec_start="{bad}")\nSocket("c1", listen=[7110], activates=api)\n', code=7
    )
    for word in words:
        assert word in said
    assert project.ask(7110) == "one x"
    assert "serve.py" in project.machine.read(f"{FOLDER}/c1.service")
    assert project.mkunit("history", "--json").stdout.count('"generation"') >= 1


def test_socket_and_crashing_service_are_rolled_back(project: Project) -> None:
    """Bound anew, then the service crashes: the old socket and the old service are back."""
    project.apply(serving("c3", 7112))
    assert project.ask(7112) == "one x"
    bad = 'api = Service("c3", exec_start="/usr/bin/false")\nSocket("c3", listen=[7113], activates=api)\n'
    project.apply(bad, code=7)
    assert (project.state("c3.socket"), project.state("c3.service"), project.ask(7112)) == ("active", "active", "one x")
    assert ":7113" not in project.listening()


def test_address_that_is_taken_is_rolled_back(project: Project) -> None:
    """systemd cannot bind it: the old socket listens again, and its idle service stays idle."""
    project.apply(serving("c4", 7114) + serving("c5", 7115))
    said = project.apply(serving("c4", 7115) + serving("c5", 7115), code=1)
    assert "7115" in said
    project.machine.sh("systemd-run --quiet --unit=c4-taken /usr/bin/python3 -m http.server 7116")
    project.machine.sh("until ss -ltn | grep -q :7116; do sleep 0.05; done")
    project.apply(serving("c4", 7116) + serving("c5", 7115), code=7)
    project.machine.run("systemctl", "stop", "c4-taken")
    assert project.state("c4.service") == "inactive"
    assert project.ask(7114) == "one x"


def test_group_that_does_not_exist(project: Project) -> None:
    """216/GROUP in words; a new unit leaves nothing behind."""
    said = project.apply(sleeping("c2", ', group="nobody-has-it", ensure="running"'), code=7)
    assert "216/GROUP" in said
    assert not project.machine.path(f"{FOLDER}/c2.service").exists()
    assert project.machine.show("c2.service", "LoadState")["LoadState"] == "not-found"


def test_probe(project: Project) -> None:
    """A service that runs but does not answer is rolled back; one that answers stays."""
    project.apply(serving("p1", 7111, more=', ensure="running", probe="tcp:7111"'))
    before = project.invocation("p1.service")
    said = project.apply(serving("p1", 7111, "two", more=', ensure="running", probe="tcp:127.0.0.1:7999"'), code=7)
    assert "its probe fails" in said
    assert project.invocation("p1.service") != before
    assert project.ask(7111) == "one x"


def test_live_and_cgroup_changes_restart_nothing(project: Project) -> None:
    """Restart= and MemoryMax= are in force after the daemon-reload, in the same invocation."""
    project.apply(sleeping("l1", ', ensure="running"'))
    before = project.invocation("l1.service")
    project.apply(sleeping("l1", ', ensure="running", restart="always", memory_max="64M"'))
    assert project.invocation("l1.service") == before
    assert project.show("l1.service", "Restart") == "always"
    assert project.show("l1.service", "MemoryMax") == str(64 << 20)


def test_timer_is_computed_anew(project: Project) -> None:
    """Without a restart, and without starting its service."""
    text = 'Timer("ti", on_calendar="{}", activates=Service("ti", exec_start="/usr/bin/touch /run/ti", type="oneshot"))'
    project.apply(text.format("2099-01-01"))
    before = project.invocation("ti.timer"), project.show("ti.timer", "NextElapseUSecRealtime")
    project.apply(text.format("2098-01-01"))
    after = project.invocation("ti.timer"), project.show("ti.timer", "NextElapseUSecRealtime")
    assert before[0] == after[0]
    assert "2098" in after[1]
    assert not project.machine.path("/run/ti").exists()


def test_path_and_slice_and_target(project: Project) -> None:
    """A path watches the new place, a slice has the new limit, a target starts what it wants more."""
    text = (
        'Path("pa", path_exists="{0}", activates=Service("pa", exec_start="/usr/bin/sleep 100"))\n'
        'Slice("pas", memory_max="{1}M")\nTarget("pat", wants=["pav.service"{2}], wanted_by="machine.target")\n'
    ) + sleeping("pav", ', slice="pas.slice"') + sleeping("paw")  # fmt: skip
    project.apply(text.format("/run/pa-old", 64, ""))
    units = ("pa.path", "pas.slice", "pat.target", "pav.service")
    before = [project.invocation(unit) for unit in units]
    project.apply(text.format("/run/pa-new", 32, ', "paw.service"'))
    assert [project.invocation(unit) for unit in units] == before
    assert project.show("pas.slice", "MemoryMax") == str(32 << 20)
    assert project.state("paw.service") == "active"
    project.machine.sh("touch /run/pa-new; until systemctl is-active --quiet pa.service; do sleep 0.05; done")


def test_mount(project: Project) -> None:
    """Options are remounted, in place."""
    text = 'Mount("/srv/m1", what="tmpfs", type="tmpfs", options="size={}M", wanted_by="machine.target")'
    project.apply(text.format(8))
    project.machine.write("/srv/m1/file", "kept")
    project.apply(text.format(16))
    assert "size=16384k" in project.machine.run("findmnt", "-no", "OPTIONS", "/srv/m1").stdout
    assert project.machine.read("/srv/m1/file") == "kept"


def test_refuses_manual_stop(project: Project) -> None:
    """Pending, and remembered until somebody restarts it."""
    text = sleeping("m1", ', refuse_manual_stop=True, ensure="running"{}')
    project.apply(text.format(""))
    before = project.invocation("m1.service")
    assert "refuses to be restarted by hand" in project.apply(text.format(', environment={"A": "1"}'))
    assert project.invocation("m1.service") == before


def test_kept_restart_is_pending_until_somebody_restarts_it(project: Project) -> None:
    """`on_change="keep"`: status knows, and forgets once it has happened."""
    project.apply(sleeping("k1", ', on_change="keep", ensure="running"'))
    project.apply(sleeping("k1", ', on_change="keep", ensure="running", environment={"A": "1"}'))
    assert "still runs its old definition" in " ".join(project.mkunit("status", "k1", check=False).stderr.split())
    assert (
        project.plan(sleeping("k1", ', on_change="keep", ensure="running", environment={"A": "1"}'))["k1.service"][0]
        == "pending"
    )
    project.machine.run("systemctl", "restart", "k1.service")
    assert project.mkunit("status", "k1").stderr == ""


def test_reload_and_watched_files(project: Project) -> None:
    """A watched file reloads its service in place, another restarts it; no unit file changes."""
    text = sleeping(
        "w1",
        ', exec_reload="/usr/bin/touch /run/w1", ensure="running", reload_on=["/etc/w1.conf"], restart_on=["/etc/w1.key"]',
    )
    project.machine.write("/etc/w1.conf", "1")
    project.machine.write("/etc/w1.key", "1")
    project.apply(text)
    before = project.invocation("w1.service")
    project.machine.write("/etc/w1.conf", "2")
    project.apply(text)
    assert project.machine.path("/run/w1").exists()
    assert project.invocation("w1.service") == before
    project.machine.write("/etc/w1.key", "2")
    project.apply(text)
    assert project.invocation("w1.service") != before


def test_requires_dependents_come_back(project: Project) -> None:
    """A restart takes dependents along, once; they are not left dead."""
    text = sleeping("d1", ', ensure="running"{}') + sleeping(
        "d2", ', requires=["d1.service"], after=["d1.service"], ensure="running"'
    )
    project.apply(text.format(""))
    project.apply(text.format(', environment={"A": "1"}'))
    assert (project.state("d1.service"), project.state("d2.service")) == ("active", "active")


def test_new_wants_pull_without_a_restart(project: Project) -> None:
    """A running service that wants one more gets it started."""
    project.apply(sleeping("wa", ', ensure="running"') + sleeping("wb"))
    before = project.invocation("wa.service")
    project.apply(sleeping("wa", ', ensure="running", wants=["wb.service"]') + sleeping("wb"))
    assert project.invocation("wa.service") == before
    assert project.state("wb.service") == "active"


def test_protected_unit_is_left_alone(project: Project) -> None:
    """The journal, unless the user has said so, which a plan in a file remembers."""
    before = project.invocation("systemd-journald.service")
    text = 'DropIn("systemd-journald.service", environment={"A": "1"})\n'
    said = " ".join(project.apply(text).split())
    assert "protected" in said
    assert "--allow systemd-journald.service" in said
    assert project.invocation("systemd-journald.service") == before
    assert "never restarts" in project.apply(text, "--allow", "dbus", code=2)
    project.mkunit("plan", "--allow", "systemd-journald", "--out", "allowed.plan")
    project.mkunit("apply", "allowed.plan", "--yes", "--settle", "0.3")
    assert project.invocation("systemd-journald.service") != before
    project.apply('Target("nothing")')


def test_ignored_line_is_rolled_back(project: Project) -> None:
    """What systemd ignores in a drop-in, by its own log, is a failure; nothing foretells it for a unit without a file."""
    project.machine.sh(
        "mkdir /srv/i1; mount -t tmpfs i1 /srv/i1; until systemctl -q is-active srv-i1.mount; do sleep 0.02; done"
    )
    before = project.invocation("srv-i1.mount")
    said = project.apply('DropIn("srv-i1.mount", extra=[("Mount", "NoSuchDirective", "1")])', code=7)
    assert "50-mkunit.conf:3" in said
    assert "NoSuchDirective" in said
    assert not project.machine.path(f"{FOLDER}/srv-i1.mount.d").exists()
    assert project.invocation("srv-i1.mount") == before, "the daemon-reload has told, before anything was restarted"
    assert project.machine.run("findmnt", "-no", "SOURCE", "/srv/i1").stdout == "i1\n"


def test_ignored_line_is_seen_on_the_stage(project: Project) -> None:
    """systemd's own reader tells before anything is touched: exit 1."""
    project.apply(sleeping("i2", ', ensure="running"'))
    before = project.invocation("i2.service")
    said = project.apply(sleeping("i2", ', extra=[("Service", "NoSuchDirective", "1")]'), code=1)
    assert "NoSuchDirective" in said
    assert project.invocation("i2.service") == before
