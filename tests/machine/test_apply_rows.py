"""More rows of the decision table on the real systemd: kinds of units, policies, states, and where nothing may happen."""

import threading

from bench import FOLDER, Project, sleeping

WANTED = 'wanted_by="machine.target"'


def serving(name: str, port: int, more: str = "") -> str:
    return (
        f'api = Service("{name}", exec_start="/usr/bin/python3 /opt/serve.py one"{more})\n'
        f'Socket("{name}", listen=[{port}], activates=api)\n'
    )


def wait(project: Project, unit: str, name: str, value: str) -> None:
    project.machine.sh(f'until test "$(systemctl show --value -p {name} {unit})" = {value}; do sleep 0.02; done')


def test_elapsed_timer_starts_anew(project: Project) -> None:
    """It would never elapse again by itself; its service is not started by that."""
    text = 'Timer("te", on_active_sec="{}", accuracy_sec="1ms", activates=Service("te", exec_start="/bin/sh -c \'echo >>/run/te\'", type="oneshot"))'
    project.apply(text.format("100ms"))
    wait(project, "te.timer", "SubState", "elapsed")
    before = project.invocation("te.timer")
    said = project.apply(text.format("1000s"))
    assert "it had elapsed" in said
    assert project.invocation("te.timer") != before
    assert project.show("te.timer", "SubState") == "waiting"
    assert project.machine.read("/run/te") == "\n"


def test_automount_in_use_is_pending(project: Project) -> None:
    """What hangs on it stays; `on_change="restart"` sets it up anew."""
    text = 'Mount("/srv/am", what="tmpfs", type="tmpfs")\nAutomount("/srv/am", timeout_idle_sec="{}", {}{})'
    project.apply(text.format("1h", WANTED, ""))
    project.machine.write("/srv/am/file", "kept")
    before = project.invocation("srv-am.automount"), project.invocation("srv-am.mount")
    assert "take away what is in use" in " ".join(project.apply(text.format("2h", WANTED, "")).split())
    assert (project.invocation("srv-am.automount"), project.invocation("srv-am.mount")) == before
    assert project.machine.read("/srv/am/file") == "kept"
    project.apply(text.format("3h", WANTED, ', on_change="restart"'))
    assert project.invocation("srv-am.automount") != before[0]
    assert project.show("srv-am.automount", "TimeoutIdleUSec") == "3h"
    assert project.machine.run("ls", "/srv/am").stdout == ""


def test_mount_of_something_else_is_restarted(project: Project) -> None:
    """Its options are changed in place; what is mounted is not."""
    text = 'Mount("/srv/mo", what="{}", type="tmpfs", options="size={}M", ' + WANTED + ")"
    project.apply(text.format("first", 8))
    before = project.invocation("srv-mo.mount")
    assert "reload" in project.apply(text.format("first", 16))
    assert project.invocation("srv-mo.mount") == before
    project.apply(text.format("second", 16))
    assert project.invocation("srv-mo.mount") != before
    assert project.machine.run("findmnt", "-no", "SOURCE", "/srv/mo").stdout == "second\n"


def test_protected_mount_stays(project: Project) -> None:
    """People's files are on it: neither changed nor removed it goes."""
    text = 'Mount("/home", what="{}", type="tmpfs", ' + WANTED + ")"
    project.apply(text.format("first"))
    before = project.invocation("home.mount")
    assert "protected" in project.apply(text.format("second"))
    project.apply(sleeping("mh"))
    assert (project.invocation("home.mount"), project.state("home.mount")) == (before, "active")
    assert project.machine.run("findmnt", "-no", "SOURCE", "/home").stdout == "first\n"
    assert not project.machine.path(f"{FOLDER}/home.mount").exists()


def test_stop_start_stops_by_the_old_definition(project: Project) -> None:
    """`on_change="stop-start"`: a restart would use the new `ExecStop=`."""
    text = sleeping(
        "ss", ', on_change="stop-start", ensure="running", exec_stop="/usr/bin/touch /run/ss-{0}", nice={0}'
    )
    project.apply(text.format(1))
    before = project.invocation("ss.service")
    project.apply(text.format(2))
    assert project.invocation("ss.service") != before
    assert project.state("ss.service") == "active"
    assert project.machine.path("/run/ss-1").exists()
    assert not project.machine.path("/run/ss-2").exists()


def test_policy_reload(project: Project) -> None:
    """`on_change="reload"` reloads what can reload, and restarts what cannot."""
    able = sleeping("pl1", ', on_change="reload", ensure="running", exec_reload="/usr/bin/touch /run/pl1", nice={}')
    unable = sleeping("pl2", ', on_change="reload", ensure="running", nice={}')
    project.apply(able.format(1) + unable.format(1))
    before = [project.invocation(f"pl{number}.service") for number in (1, 2)]
    assert "it cannot reload" in " ".join(project.apply(able.format(2) + unable.format(2)).split())
    after = [project.invocation(f"pl{number}.service") for number in (1, 2)]
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)
    assert project.machine.path("/run/pl1").exists()


def test_oneshot_that_remains_runs_again(project: Project) -> None:
    """It is active though nothing runs: what it does is done again when it changes."""
    text = 'Service("or", type="oneshot", remain_after_exit=True, exec_start="/bin/sh -c \'echo {} >>/run/or\'", ensure="running")'
    project.apply(text.format("one"))
    project.apply(text.format("two"))
    project.apply(text.format("two"))
    assert project.machine.read("/run/or").split() == ["one", "two"]


def test_failing_service_is_tried_again_for_any_change(project: Project) -> None:
    """One that waits for its next restart, and one that has given up: though the change would be in force without."""
    mended = "/bin/sh -c 'test -e /run/au && exec sleep 1000'"
    text = f'Service("au1", exec_start="{mended}", restart="always", restart_sec="{{0}}h", ensure="running")\n'
    text += f'Service("au2", exec_start="{mended}", timeout_stop_sec="{{0}}s", ensure="running")\n'
    project.apply(text.format(1), "--no-rollback", code=8)
    wait(project, "au2.service", "ActiveState", "failed")
    assert project.show("au1.service", "SubState").startswith("auto-restart")
    project.machine.run("touch", "/run/au")
    said = " ".join(project.apply(text.format(2)).split())
    assert "it keeps failing: tried again" in said
    assert "it has failed: tried again" in said
    assert [project.state(f"au{number}.service") for number in (1, 2)] == ["active", "active"]


def test_description_means_nothing_to_what_runs(project: Project) -> None:
    """systemd shows the new one, in the same invocation."""
    project.apply(sleeping("de", ', ensure="running", description="one"'))
    before = project.invocation("de.service")
    said = project.apply(sleeping("de", ', ensure="running", description="two"'))
    assert "nothing that a running unit would notice" in " ".join(said.split())
    assert (project.invocation("de.service"), project.show("de.service", "Description")) == (before, "two")


def test_idle_socket_is_left_idle(project: Project) -> None:
    """The administrator has stopped it: nobody listens at the old address, nor at the new one."""
    project.apply(serving("is", 7201))
    project.machine.run("systemctl", "stop", "is.socket")
    project.apply(serving("is", 7202))
    assert project.state("is.socket") == "inactive"
    assert not {":7201", ":7202"} & set(project.listening().split())


def test_socket_is_removed_with_its_service(project: Project) -> None:
    """In one call, the socket first: no connection in between starts the service again."""
    project.apply(serving("rs", 7203) + sleeping("rs2"))
    assert project.ask(7203) == "one x"
    said = project.apply(sleeping("rs2"))
    assert "systemctl stop rs.socket rs.service" in said
    loads = {project.show(f"rs.{kind}", "LoadState") for kind in ("socket", "service")}
    assert loads == {"not-found"}
    assert ":7203" not in project.listening()


def test_removed_failure_is_forgotten(project: Project) -> None:
    """`systemctl --failed` does not list what is no more."""
    project.apply('Service("rf", exec_start="/bin/false")\n' + sleeping("rf2"))
    project.machine.run("systemctl", "start", "rf.service", check=False)
    wait(project, "rf.service", "ActiveState", "failed")
    project.apply(sleeping("rf2"))
    assert "rf.service" not in project.machine.run("systemctl", "--failed", "--plain").stdout
    assert project.show("rf.service", "LoadState") == "not-found"


def test_connections_outlive_their_removed_template(project: Project) -> None:
    """Nobody new is let in; who is there is served to the end."""
    text = (
        'Socket("cd", listen=[7204], accept=True)\nService("cd@", exec_start="/usr/bin/cat", standard_input="socket")\n'
    )
    project.apply(text + sleeping("cd2"))
    talk = "import os,socket,time; c=socket.create_connection(('127.0.0.1',7204)); c.sendall(b'a'); c.recv(1)\n"
    talk += "open('/run/cd','w').close()\nwhile os.path.exists('/run/cd'): time.sleep(0.05)\nc.sendall(b'b'); print(c.recv(1).decode())"
    heard: list[str] = []
    held = threading.Thread(target=lambda: heard.append(project.machine.run("/usr/bin/python3", "-c", talk).stdout))
    held.start()
    project.machine.sh("until test -e /run/cd; do sleep 0.05; done")
    project.apply(sleeping("cd2"))
    assert ":7204" not in project.listening()
    project.machine.run("rm", "/run/cd")
    held.join()
    assert heard == ["b\n"]


def test_masked_unit_is_never_started(project: Project) -> None:
    """A drop-in for it is written; it stays as the administrator left it."""
    project.machine.write("/usr/lib/systemd/system/mk.service", "[Service]\nExecStart=/usr/bin/sleep 1000\n")
    project.machine.run("systemctl", "mask", "--quiet", "mk.service")
    assert "masked" in project.apply('DropIn("mk.service", nice=5, ensure="running")')
    assert project.state("mk.service") == "inactive"
    assert project.machine.run("readlink", f"{FOLDER}/mk.service").stdout == "/dev/null\n"


def test_stopping_service_is_waited_for(project: Project) -> None:
    """Its `ExecStop=` runs to its end with what it was started with, before any file changes."""
    text = sleeping("bz", ", exec_stop=\"/bin/sh -c 'sleep 1; touch /run/bz-{}'\"")
    project.apply(text.format("old"))
    project.start("bz.service")
    project.machine.run("systemctl", "stop", "--no-block", "bz.service")
    assert "bz.service" in project.apply(text.format("new"), "--busy", "0", code=75)
    project.machine.run("systemd-run", "--quiet", "--on-active=1", "--timer-property=AccuracySec=1ms", "rm", "/run/bz")
    project.apply(text.format("new"))
    assert project.machine.path("/run/bz-old").exists()
    assert not project.machine.path("/run/bz-new").exists()


def test_new_units(project: Project) -> None:
    """What an active target wants is started, unless a socket does so; what an idle target wants is not."""
    text = sleeping("nu1", f", {WANTED}") + sleeping("nu2", ', wanted_by="rescue.target"')
    text += serving("nu3", 7205, f", {WANTED}")
    project.apply(text)
    assert [project.state(f"nu{number}.service") for number in (1, 2, 3)] == ["active", "inactive", "inactive"]
    assert project.state("nu3.socket") == "active"


def test_restarted_too_often_by_hand(project: Project) -> None:
    """systemd would refuse the next start within seconds, and take the socket down with the service."""
    project.apply(serving("so", 7206))
    socket = project.invocation("so.socket")
    project.machine.sh("for i in 1 2 3 4 5; do systemctl restart so.service; done")
    project.apply(serving("so", 7206, ", nice=1"))
    assert project.ask(7206) == "one x"
    assert project.invocation("so.socket") == socket


def test_instance_that_the_change_does_not_reach(project: Project) -> None:
    """A drop-in of its own has the last word, before as after: it is left alone, its sister is restarted."""
    project.apply(sleeping("ti@", ", nice=1"))
    project.machine.write(f"{FOLDER}/ti@own.service.d/nice.conf", "[Service]\nNice=\nNice=7\n")
    project.machine.run("systemctl", "daemon-reload")
    project.start("ti@own.service", "ti@other.service")
    before = [project.invocation(f"ti@{name}.service") for name in ("own", "other")]
    project.apply(sleeping("ti@", ", nice=2"))
    after = [project.invocation(f"ti@{name}.service") for name in ("own", "other")]
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)
    assert project.show("ti@other.service", "Nice") == "2"
