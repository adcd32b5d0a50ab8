"""The example in `examples/activation/` on the real systemd: two services behind sockets, one of which knows about them."""

import json
import threading
from pathlib import Path

import pytest
from bench import Project, quicken

from mkunit.testing.machine import Machine

EXAMPLE = Path(__file__).parent.parent.parent / "examples/activation"
# Connects every 10 ms, 20 times and until the file is gone; every connection must be answered.
KNOCK = """\
import os, socket, time
made = lost = 0
open("/run/knocking", "w").close()
while made + lost < 20 or os.path.exists("/run/knocking"):
    try:
        with socket.create_connection(("127.0.0.1", 7100), 10) as talk:
            lost += not talk.makefile().read().startswith("you are visitor ")
        made += 1
    except OSError:
        lost += 1
    time.sleep(0.01)
print(made, lost)
"""


@pytest.fixture(scope="module")
def example(machine: Machine) -> Project:
    """The sockets are up; nothing runs behind them yet."""
    quicken(machine)
    machine.run("cp", "-r", str(EXAMPLE), "/opt/activation")
    project = Project(machine, "activation")
    machine.run("ln", "-s", "/opt/activation", project.folder)
    project.mkunit("apply", "--yes", "--settle", "0.3")
    return project


def _heard(example: Project, address: str) -> str:
    return str(json.loads(example.mkunit("probe", "--json", "--wait", "20", address).stdout)["greeting"])


def test_nothing_runs_before_somebody_connects(example: Project) -> None:
    """Three sockets listen, and no service is active."""
    assert [example.state(name) for name in ("handed.socket", "handed-admin.socket", "alone.socket")] == ["active"] * 3
    assert [example.state(f"{name}.service") for name in ("handed", "alone", "alone-proxy")] == ["inactive"] * 3


def test_descriptors_are_told_apart_by_their_names(example: Project) -> None:
    """One process serves both of its sockets, and knows which is which."""
    before = _heard(example, "7100")
    assert before.startswith("you are visitor ")
    assert _heard(example, "/run/handed.sock") == f"visitors so far: {before.split()[-1]}\n"


def test_the_proxy_passes_on_what_comes(example: Project) -> None:
    """The first connection starts the proxy, which starts the program, which answers."""
    assert _heard(example, "7200") == "hello, I have opened my socket myself\n"
    assert example.state("alone.service") == "active"


def test_a_restart_loses_nobody(example: Project) -> None:
    """Restarted again and again under a client that connects every 10 ms, the service leaves no connection unanswered."""
    _heard(example, "7100")
    counted: list[str] = []
    knock = threading.Thread(target=lambda: counted.append(example.machine.run("/usr/bin/python3", "-c", KNOCK).stdout))
    knock.start()
    example.machine.sh("until test -e /run/knocking; do sleep 0.05; done")
    before = example.invocation("handed.service")
    example.machine.sh("for _ in 1 2 3; do systemctl restart handed.service; sleep 0.2; done")
    assert example.invocation("handed.service") != before
    example.machine.run("rm", "/run/knocking")
    knock.join()
    made, lost = map(int, counted[0].split())
    assert made >= 20
    assert lost == 0


def test_started_by_hand_it_says_what_is_missing(example: Project) -> None:
    """Without descriptors it does not open some socket of its own."""
    done = example.machine.run("/usr/bin/python3", "/opt/activation/handed.py", check=False)
    assert (done.returncode, done.stderr) == (1, "no sockets: start handed.socket, or try `mkunit run handed`\n")


def test_systemd_has_nothing_to_say(example: Project) -> None:
    """Not a line of the units is complained about."""
    files = example.machine.sh("ls /etc/systemd/system/handed* /etc/systemd/system/alone*").stdout.split()
    assert len(files) == 6
    assert example.machine.journal_config(files) == []
