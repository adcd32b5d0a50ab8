"""Each hardening profile on the real systemd: the service under it does its work, and cannot do what it must not."""

import json
from collections.abc import Iterator

import pytest

from mkunit import Service, renderer
from mkunit.dsl.install import settle
from mkunit.dsl.rare import profiles
from mkunit.model.graph import Graph
from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
STRICT = ("strict", "network-client", "network-server", "offline")
# It does what a service does, tries what it should not be able to do, and writes down how both went.
PROBE = """\
import ctypes, json, os, socket, sys

def attempt(work):
    try:
        work()
        return True
    except OSError:
        return False

def write(path):
    with open(path, "w") as file:
        file.write("x")

def listen(port):
    listener = socket.create_server(("127.0.0.1", port))
    listener.close()

def connect():
    socket.create_connection(("127.0.0.1", 7999), 5).close()

def unshare():
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
        raise OSError

status = dict(line.rstrip("\\n").split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
state = os.environ["STATE_DIRECTORY"]
found = {
    "user": os.getuid(),
    "no new privileges": status["NoNewPrivs"] == "1",
    "capabilities": int(status["CapBnd"], 16),
    "state": attempt(lambda: write(state + "/file")),
    "tmp": attempt(lambda: write("/tmp/file")),
    "usr": attempt(lambda: write("/usr/file")),
    "etc": attempt(lambda: write("/etc/file")),
    "var": attempt(lambda: write("/var/file")),
    "cgroup": attempt(lambda: os.mkdir("/sys/fs/cgroup/probe")),
    "sysctl": attempt(lambda: write("/proc/sys/kernel/domainname")),
    "home": attempt(lambda: os.listdir("/root")),
    "namespace": attempt(unshare),
    "listens": attempt(lambda: listen(8123)),
    "listens low": attempt(lambda: listen(123)),
    "connects": attempt(connect),
    "packets": attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "setuid": attempt(lambda: (write(state + "/s"), os.chmod(state + "/s", 0o4755))),
}
with open(state + "/found.json", "w") as file:
    json.dump(found, file)
"""
LISTENER = """\
import socket
listener = socket.create_server(("127.0.0.1", 7999))
while True:
    listener.accept()[0].close()
"""


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    """A machine with the probe, and somebody to connect to."""
    machine.write("/opt/probe.py", PROBE)
    machine.write("/opt/listener.py", LISTENER)
    machine.sh("systemd-run --quiet --unit=listener /usr/bin/python3 /opt/listener.py")
    machine.sh("until ss -ltn | grep -q 127.0.0.1:7999; do sleep 0.1; done")
    yield machine
    machine.run("systemctl", "stop", "listener")


def probe(machine: Machine, profile: str, **options: object) -> dict[str, object]:
    """What a service under a profile found; it has to end well, and systemd to complain of nothing."""
    name = f"probe-{profile}"
    unit = Service(
        name, type="oneshot", exec_start="/usr/bin/python3 -B /opt/probe.py", state_directory=name, wanted_by=[],
        hardening=profile, **options,  # type: ignore[arg-type]  # few words, all of them right
    )  # fmt: skip
    (file,) = renderer.render(Graph.of(settle([unit], "system")), None)
    machine.write(f"{FOLDER}/{file.name}", file.text)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", file.name)
    assert machine.journal_config([f"{FOLDER}/{file.name}"]) == []
    found: dict[str, object] = json.loads(machine.read(f"/var/lib/{name}/found.json"))
    return found


@pytest.fixture(scope="module", params=profiles())
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_service_works_and_is_kept_in(prepared: Machine, profile: str) -> None:
    """As an ordinary user: state and temporary files can be written, the system cannot."""
    found = probe(prepared, profile, user="daemon")
    assert found["user"] != 0
    assert (found["state"], found["tmp"]) == (True, True)
    assert found["no new privileges"]
    for name in ("usr", "etc", "cgroup", "sysctl", "setuid"):
        assert found[name] is False, name
    if profile in STRICT:
        assert (found["home"], found["var"], found["namespace"], found["packets"]) == (False, False, False, False)
        low = 1 << 10 if profile == "network-server" else 0
        assert found["capabilities"] == low


def test_tmp_is_its_own(prepared: Machine, profile: str) -> None:
    """What it writes to /tmp nobody else sees."""
    probe(prepared, profile, user="daemon")
    assert not prepared.path("/tmp/file").exists()


def test_network(prepared: Machine, profile: str) -> None:
    """A client connects and does not listen, a server listens on low ports too, and offline does neither outside."""
    found = probe(prepared, profile, user="daemon")
    assert found["connects"] is (profile != "offline")
    if profile == "network-client":
        # What forbids it is a program for the kernel, which a machine within a container may not load.
        assert prepared.show("probe-network-client.service", "SocketBindDeny")["SocketBindDeny"] == "any"
    else:
        assert found["listens"] is (profile != "offline")
    assert found["listens low"] is (profile == "network-server")


def test_root_is_kept_in_too(prepared: Machine, profile: str) -> None:
    """A service that has no user of its own is not let out by that."""
    found = probe(prepared, profile)
    assert found["user"] == 0
    assert found["state"] is True
    for name in ("usr", "cgroup", "sysctl", "setuid"):
        assert found[name] is False, name


def test_every_directive_can_be_overridden(prepared: Machine, profile: str) -> None:
    """The service's own word holds."""
    found = probe(prepared, profile, user="daemon", no_new_privileges=False, private_tmp=False, protect_system=False)
    assert found["state"] is True
    assert prepared.path("/tmp/file").exists()
    prepared.run("rm", "/tmp/file")


def test_exposure_is_less(prepared: Machine, profile: str) -> None:
    """systemd rates the service better than without the profile, and the strict ones as safe or nearly."""
    probe(prepared, profile, user="daemon")
    line = prepared.run("systemd-analyze", "security", "--no-pager", f"probe-{profile}.service").stdout
    rating = float(line.rpartition("probe-")[2].partition(": ")[2].split()[0])
    assert rating < (3.0 if profile in STRICT else 8.0)
