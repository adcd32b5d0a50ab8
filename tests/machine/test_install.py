"""`mkunit socket --install` on a real machine: what it refuses, what it takes back, and what runs afterwards."""

from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
HOLD = """\
import os, socket, time
listeners = [socket.socket(fileno=fd) for fd in range(3, 3 + int(os.environ["LISTEN_FDS"]))]
time.sleep(1000)
"""


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    machine.write("/opt/hold.py", HOLD)
    machine.write(f"{FOLDER}/web.service", "[Service]\nExecStart=/usr/bin/python3 /opt/hold.py\n")
    machine.write(f"{FOLDER}/each@.service", "[Service]\nExecStart=/usr/bin/cat\nStandardInput=socket\n")
    machine.run("systemctl", "daemon-reload")
    return machine


@pytest.fixture
def clean(prepared: Machine) -> Iterator[Machine]:
    """The machine, with the sockets of a test gone afterwards."""
    yield prepared
    for unit in ("web.socket", "web.service", "each.socket"):  # systemd 262 stops all or none in one call
        prepared.run("systemctl", "stop", unit, check=False)
    prepared.sh(f"systemctl disable --quiet web.socket each.socket || true; rm -f {FOLDER}/*.socket /run/*.sock")
    prepared.sh("systemctl daemon-reload; systemctl reset-failed")


def install(machine: Machine, *words: str, check: bool = True) -> CompletedProcess[str]:
    return machine.run(machine.python, "-m", "mkunit", "socket", *words, "--system", "--install", check=check)


def state(machine: Machine, unit: str) -> str:
    return machine.show(unit, "ActiveState")["ActiveState"]


def test_accept_starts_an_instance_for_each_connection(clean: Machine) -> None:
    """Two open connections are two instances of the template, each with the connection as its standard input."""
    install(clean, "each", "--listen-unix", "/run/each.sock", "--accept", "--start")
    talk = "import socket, time; a, b = (socket.socket(socket.AF_UNIX) for _ in 'ab')\n"
    talk += "for s in (a, b): s.connect('/run/each.sock'); s.sendall(b'x'); assert s.recv(1) == b'x'\n"
    talk += "import subprocess; print(subprocess.run(['systemctl', 'show', '--property=NAccepted,NConnections', 'each.socket']"
    talk += ", capture_output=True, text=True).stdout)"
    shown = clean.run("/usr/bin/python3", "-c", talk).stdout
    assert "NConnections=2" in shown
    assert "NAccepted=2" in shown


def test_enable_makes_the_link(clean: Machine) -> None:
    """`--enable` is for the next boot, and starts nothing now."""
    install(clean, "web", "--listen-stream", "8080", "--enable")
    assert clean.run("systemctl", "is-enabled", "web.socket").stdout == "enabled\n"
    assert state(clean, "web.socket") == "inactive"


def test_missing_service_is_said_before_anything_is_touched(clean: Machine) -> None:
    """systemd would refuse the socket: exit 3, and no file."""
    done = install(clean, "nobody", "--listen-stream", "8080", "--start", check=False)
    assert done.returncode == 3
    assert "nobody.service" in done.stderr
    assert not clean.path(f"{FOLDER}/nobody.socket").exists()


def test_foreign_file_stays(clean: Machine) -> None:
    """A file that differs is shown as a diff and stays, unless `--force` is given."""
    clean.write(f"{FOLDER}/web.socket", "[Socket]\nListenStream=1234\n")
    done = install(clean, "web", "--listen-stream", "8080", check=False)
    assert done.returncode == 9
    assert "-ListenStream=1234" in done.stderr
    assert "--force" in done.stderr
    assert clean.read(f"{FOLDER}/web.socket") == "[Socket]\nListenStream=1234\n"
    install(clean, "web", "--listen-stream", "8080", "--force")
    assert "ListenStream=8080" in clean.read(f"{FOLDER}/web.socket")


def test_mask_is_respected(clean: Machine) -> None:
    """A link to /dev/null is the administrator's word; not even `--force` writes through it."""
    clean.run("ln", "-s", "/dev/null", f"{FOLDER}/web.socket")
    done = install(clean, "web", "--listen-stream", "8080", "--force", check=False)
    assert done.returncode == 9
    assert clean.run("readlink", f"{FOLDER}/web.socket").stdout == "/dev/null\n"


def test_failed_start_is_taken_back(clean: Machine) -> None:
    """A port that is taken: exit 7, and file, link and state are as they were before."""
    clean.sh("systemd-run --quiet --unit=taken /usr/bin/python3 -m http.server 8080")
    clean.sh("until systemctl is-active --quiet taken && ss -ltn | grep -q :8080; do sleep 0.1; done")
    done = install(clean, "web", "--listen-stream", "8080", "--enable", "--start", check=False)
    clean.run("systemctl", "stop", "taken")
    assert done.returncode == 7
    assert "as it was before" in done.stderr
    assert not clean.path(f"{FOLDER}/web.socket").exists()
    assert not clean.path(f"{FOLDER}/sockets.target.wants/web.socket").exists()
    assert clean.show("web.socket", "LoadState")["LoadState"] == "not-found"


def test_failed_change_brings_the_old_socket_back(clean: Machine) -> None:
    """The old file, the old socket and the old service run again."""
    install(clean, "web", "--listen-stream", "8081", "--start")
    clean.run("systemctl", "start", "web.service")
    before = clean.read(f"{FOLDER}/web.socket")
    done = install(clean, "web", "--listen-stream", "192.0.2.7:8082", "--start", "--force", check=False)
    assert done.returncode == 7
    assert clean.read(f"{FOLDER}/web.socket") == before
    assert (state(clean, "web.socket"), state(clean, "web.service")) == ("active", "active")


def test_changed_socket_under_a_running_service(clean: Machine) -> None:
    """The service is stopped first, since it holds the old descriptors, and runs again on the new ones."""
    install(clean, "web", "--listen-stream", "8081", "--start")
    clean.run("systemctl", "start", "web.service")
    install(clean, "web", "--listen-stream", "8083", "--start", "--force")
    assert (state(clean, "web.socket"), state(clean, "web.service")) == ("active", "active")
    listening = clean.run("ss", "-ltnH").stdout
    assert ":8083" in listening
    assert ":8081" not in listening


def test_same_again_changes_nothing(clean: Machine) -> None:
    """A second run finds everything done."""
    install(clean, "web", "--listen-stream", "8081", "--start")
    before = clean.path(f"{FOLDER}/web.socket").stat().st_mtime_ns
    invocation = clean.show("web.socket", "InvocationID")
    install(clean, "web", "--listen-stream", "8081", "--start")
    assert clean.path(f"{FOLDER}/web.socket").stat().st_mtime_ns == before
    assert clean.show("web.socket", "InvocationID") == invocation


def test_dry_run_touches_nothing(clean: Machine) -> None:
    """Standard output is exactly the unit file; what would be done goes to standard error."""
    done = install(clean, "web", "--listen-stream", "8080", "--start", "--dry-run")
    assert done.stdout.startswith("# Generated by mkunit\n[Unit]\n")
    assert "would write" in done.stderr
    assert "would start web.socket" in done.stderr
    assert not clean.path(f"{FOLDER}/web.socket").exists()


def test_ordinary_user_cannot_install_for_the_system(clean: Machine) -> None:
    """Exit 4, with the way out."""
    clean.run("useradd", "--create-home", "sam")
    command = (clean.python, "-m", "mkunit", "socket", "web", "--listen-stream", "80", "--system", "--install")
    done = clean.run(*command, user="sam", check=False)
    assert done.returncode == 4
    assert "sudo" in done.stderr
