"""What rules claim, tried on the real systemd: the wrong example goes wrong in the way that the rule says."""

from collections.abc import Iterator

import pytest

from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
TRUE = "[Service]\nExecStart=/usr/bin/sleep 1000\n"


@pytest.fixture
def clean(machine: Machine) -> Iterator[Machine]:
    """The machine, with the units of a test gone afterwards; they all begin with `t-`."""
    yield machine
    machine.sh("systemctl stop 't-*' || true; systemctl disable --quiet t-a.service t-a.socket || true")
    machine.sh(f"rm -rf {FOLDER}/t-* /run/t-*; systemctl daemon-reload; systemctl reset-failed")


def install(machine: Machine, **files: str) -> None:
    """Units by name, `_` standing for the dot."""
    for name, text in files.items():
        machine.write(f"{FOLDER}/t-{name.replace('_', '.')}", text)
    machine.run("systemctl", "daemon-reload")


def start(machine: Machine, *units: str) -> int:
    return machine.run("systemctl", "start", *units, check=False).returncode


def state(machine: Machine, unit: str) -> str:
    return machine.show(unit, "ActiveState")["ActiveState"]


@pytest.mark.parametrize(
    ("first", "second"), [("8080", "127.0.0.1:8080"), ("0.0.0.0:8080", "8080"), ("/run/t-x", "/run/t-x")]
)
def test_duplicate_address(clean: Machine, first: str, second: str) -> None:
    """The second socket fails, or takes the clients of the first away."""
    install(clean, a_socket=f"[Socket]\nListenStream={first}\n", b_socket=f"[Socket]\nListenStream={second}\n",
            a_service=TRUE, b_service=TRUE)  # fmt: skip
    assert start(clean, "t-a.socket") == 0
    failed = start(clean, "t-b.socket") != 0
    assert failed or first.startswith("/")


@pytest.mark.parametrize(("only", "expected"), [("", False), ("BindIPv6Only=ipv6-only\n", True)])
def test_v4_v6_clash(clean: Machine, only: str, expected: bool) -> None:
    install(clean, a_socket=f"[Socket]\nListenStream=[::]:8081\nListenStream=0.0.0.0:8081\n{only}", a_service=TRUE)
    assert (start(clean, "t-a.socket") == 0) is expected


@pytest.mark.parametrize("free", [False, True])
def test_address_needs_freebind(clean: Machine, free: bool) -> None:
    """An address that no interface has."""
    install(clean, a_socket=f"[Socket]\nListenStream=192.0.2.9:8082\nFreeBind={free}\n", a_service=TRUE)
    assert (start(clean, "t-a.socket") == 0) is free


@pytest.mark.parametrize("keep", [False, True])
def test_runtime_directory_eats_socket(clean: Machine, keep: bool) -> None:
    """After the service has stopped, the node is gone, though the socket is active."""
    install(
        clean, a_socket="[Socket]\nListenStream=/run/t-a/s\n",
        a_service=f"{TRUE}RuntimeDirectory=t-a\nRuntimeDirectoryPreserve={keep}\n",
    )  # fmt: skip
    assert start(clean, "t-a.socket") == 0
    assert start(clean, "t-a.service") == 0
    clean.run("systemctl", "stop", "t-a.service")
    assert state(clean, "t-a.socket") == "active"
    assert clean.path("/run/t-a/s").exists() is keep


def test_socket_owner_is_dynamic(clean: Machine) -> None:
    install(clean, a_socket="[Socket]\nListenStream=/run/t-a.s\nSocketUser=t-a\n", a_service=f"{TRUE}DynamicUser=yes\n")
    assert start(clean, "t-a.socket") != 0


def test_trigger_loop(clean: Machine) -> None:
    """The condition does not hold, and the socket is failed after some connections in vain."""
    install(clean, a_socket="[Socket]\nListenStream=/run/t-a.s\n", a_service=f"[Unit]\nConditionPathExists=/no\n{TRUE}")
    assert start(clean, "t-a.socket") == 0
    clean.run("/usr/bin/python3", "-c", "import socket as s; s.socket(s.AF_UNIX).connect('/run/t-a.s')")
    clean.sh("for i in $(seq 100); do systemctl is-failed --quiet t-a.socket && exit 0; sleep 0.1; done; exit 1")


def test_shell_breaks_listen_pid(clean: Machine) -> None:
    """The number is the shell's, and not the program's."""
    probe = "/usr/bin/python3 -c 'import os; print(os.getpid() == int(os.environ[\"LISTEN_PID\"]), flush=True)'"
    clean.write("/opt/t-plain.sh", f"cd /\n{probe}\ntrue\n")
    clean.write("/opt/t-exec.sh", f"cd /\nexec {probe}\n")
    for name, expected in (("plain", "False"), ("exec", "True")):
        install(
            clean, a_socket="[Socket]\nListenStream=/run/t-a.s\n",
            a_service=f"[Service]\nType=oneshot\nExecStart=/bin/sh -c '. /opt/t-{name}.sh'\n",
        )  # fmt: skip
        clean.run("systemctl", "start", "t-a.socket")
        start(clean, "t-a.service")
        said = [entry["MESSAGE"] for entry in clean.journal("t-a.service") if entry["MESSAGE"] in ("True", "False")]
        assert said[-1] == expected
        clean.run("systemctl", "stop", "t-a.socket")


def test_ordering_cycle(clean: Machine) -> None:
    """A socket that waits for a service: at a boot, systemd would find the ring, and delete a job."""
    install(
        clean, a_socket="[Unit]\nRequires=t-b.service\nAfter=t-b.service\n[Socket]\nListenStream=/run/t-a.s\n",
        a_service=TRUE, b_service=TRUE,
    )  # fmt: skip
    clean.run("systemctl", "add-wants", "sockets.target", "t-a.socket")
    said = clean.run("systemd-analyze", "verify", "--man=no", "multi-user.target", check=False).stderr
    clean.run("systemctl", "disable", "t-a.socket")
    clean.run("rm", "-rf", f"{FOLDER}/sockets.target.wants/t-a.socket")
    assert "ordering cycle" in said.lower()
    assert "t-a.socket" in said


@pytest.mark.parametrize(("alias", "works"), [("t-b.socket", False), ("t-b@.service", False), ("t-b.service", True)])
def test_alias_of_other_kind(clean: Machine, alias: str, works: bool) -> None:
    install(clean, a_service=f"{TRUE}[Install]\nAlias={alias}\n")
    assert (clean.run("systemctl", "enable", "t-a.service", check=False).returncode == 0) is works


def test_template_without_instance(clean: Machine) -> None:
    install(clean, **{"a@_service": f"{TRUE}[Install]\nWantedBy=multi-user.target\n"})
    assert clean.run("systemctl", "enable", "t-a@.service", check=False).returncode != 0


def test_forking_in_foreground(clean: Machine) -> None:
    """systemd waits for the program to end, and then gives up."""
    install(clean, a_service=f"{TRUE}Type=forking\nTimeoutStartSec=1\n")
    assert start(clean, "t-a.service") != 0
    assert clean.show("t-a.service", "Result")["Result"] == "timeout"


def test_notify_behind_shell(clean: Machine) -> None:
    """The word of the shell's child is not taken."""
    # systemd-notify itself speaks for its parent, which most programs do not.
    ready = "import os, socket as s, time; c = s.socket(s.AF_UNIX, s.SOCK_DGRAM)\n"
    ready += "c.sendto(b'READY=1', os.environ['NOTIFY_SOCKET']); time.sleep(1000)\n"
    clean.write("/opt/t-ready.py", ready)
    script = "/bin/sh -c '/usr/bin/python3 /opt/t-ready.py; true'"
    install(clean, a_service=f"[Service]\nType=notify\nTimeoutStartSec=2\nExecStart={script}\n")
    assert start(clean, "t-a.service") != 0
    install(clean, a_service=f"[Service]\nType=notify\nNotifyAccess=all\nTimeoutStartSec=5\nExecStart={script}\n")
    assert start(clean, "t-a.service") == 0


def test_restart_gives_up(clean: Machine) -> None:
    """Within a few seconds it is over."""
    install(clean, a_service="[Service]\nExecStart=/bin/false\nRestart=always\n")
    start(clean, "t-a.service")
    clean.sh("for i in $(seq 80); do systemctl is-failed --quiet t-a.service && exit 0; sleep 0.1; done; exit 1")
    assert clean.show("t-a.service", "NRestarts")["NRestarts"] == "5"


def test_timer_runs_once(clean: Machine) -> None:
    """A service that remains is not started again."""
    once = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo x >>/run/t-count'\n"
    timer = "[Timer]\nOnActiveSec=0\nOnUnitActiveSec=200ms\nAccuracySec=1ms\n"
    install(clean, a_service=f"{once}RemainAfterExit=yes\n", a_timer=timer)
    start(clean, "t-a.timer")
    clean.sh("sleep 1.5")
    assert clean.read("/run/t-count") == "x\n"


def test_timer_never_starts(clean: Machine) -> None:
    never = "[Service]\nType=oneshot\nExecStart=/bin/true\n"
    install(clean, never_service=never, never_timer="[Timer]\nOnUnitActiveSec=1s\n")
    start(clean, "t-never.timer")
    shown = clean.show("t-never.timer", "NextElapseUSecMonotonic", "NextElapseUSecRealtime")
    assert shown["NextElapseUSecMonotonic"] in ("infinity", "")
    assert shown["NextElapseUSecRealtime"] == ""


def test_timer_requires_service(clean: Machine) -> None:
    """It runs with the timer, a day before it is due."""
    install(
        clean, a_service="[Service]\nType=oneshot\nExecStart=/usr/bin/touch /run/t-ran\n",
        a_timer="[Unit]\nRequires=t-a.service\n[Timer]\nOnActiveSec=1d\n",
    )  # fmt: skip
    start(clean, "t-a.timer")
    clean.sh("for i in $(seq 50); do test -e /run/t-ran && exit 0; sleep 0.1; done; exit 1")


def test_read_only_path(clean: Machine) -> None:
    """Unless the folder is named."""
    line = "[Service]\nType=oneshot\nProtectSystem=strict\nExecStart=/usr/bin/touch /var/lib/t-a/x\n"
    clean.run("mkdir", "-p", "/var/lib/t-a")
    install(clean, a_service=line)
    assert start(clean, "t-a.service") != 0
    install(clean, a_service=f"{line}StateDirectory=t-a\n")
    assert start(clean, "t-a.service") == 0


def test_home_is_hidden(clean: Machine) -> None:
    clean.run("install", "-D", "/bin/true", "/home/t-kim/run")
    line = "[Service]\nType=oneshot\nExecStart=/home/t-kim/run\nProtectHome="
    for mode, works in (("yes", False), ("tmpfs", False), ("read-only", True)):
        install(clean, a_service=f"{line}{mode}\n")
        assert (start(clean, "t-a.service") == 0) is works, mode


def test_errors_to_client(clean: Machine) -> None:
    """Standard error is the connection too, unless it is told otherwise."""
    talk = "import socket as s; c = s.socket(s.AF_UNIX); c.connect('/run/t-a.s'); print(c.recv(99).decode(), end='')"
    line = "[Service]\nExecStart=/bin/sh -c 'echo secret >&2; echo word'\nStandardInput=socket\n"
    for more, expected in (("", "secret"), ("StandardError=journal\n", "word")):
        install(clean, a_socket="[Socket]\nListenStream=/run/t-a.s\nAccept=yes\n", **{"a@_service": line + more})
        start(clean, "t-a.socket")
        assert clean.run("/usr/bin/python3", "-c", talk).stdout.split()[0] == expected
        clean.run("systemctl", "stop", "t-a.socket")


def test_users_manager(clean: Machine) -> None:
    """What a user's systemd cannot: become another, reach the system's targets, make a sandbox by itself (until 254)."""
    clean.add_user("t-sam")
    folder = "/home/t-sam/.config/systemd/user"
    clean.write(f"{folder}/t-a.service", f"{TRUE}User=t-sam\n")
    clean.write(f"{folder}/t-c.service", f"{TRUE}User=daemon\n")
    clean.write(f"{folder}/t-d.service", f"{TRUE}SupplementaryGroups=t-sam\n")
    touch = "[Service]\nType=oneshot\nExecStart=/usr/bin/touch /home/t-sam/x\nProtectHome=yes\n"
    clean.write(f"{folder}/t-b.service", touch)
    clean.run("chown", "-R", "t-sam:t-sam", "/home/t-sam")
    clean.run("systemctl", "--user", "daemon-reload", user="t-sam")
    version = int(clean.run("systemctl", "--version").stdout.split()[1])
    for name, works in (("a", version >= 257), ("c", False), ("d", False)):
        clean.run("systemctl", "--user", "start", f"t-{name}.service", user="t-sam", check=False)
        clean.sh("sleep 0.3")
        shown = clean.show(f"t-{name}.service", "ExecMainStatus", user="t-sam")["ExecMainStatus"]
        assert shown == ("0" if works else "216"), name
    assert clean.show("multi-user.target", "LoadState", user="t-sam")["LoadState"] == "not-found"
    done = clean.run("systemctl", "--user", "start", "t-b.service", user="t-sam", check=False)
    if version < 254:
        assert done.returncode == 0
        assert clean.path("/home/t-sam/x").exists()
