"""The harness itself: what a machine is, what it keeps apart, and what is left of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from mkunit.testing.machine import Machine, MachineError

UNIT = Path("/etc/systemd/system/tried.service")


@pytest.fixture(scope="module")
def alice(machine: Machine) -> str:
    """An ordinary user with a manager of its own."""
    machine.add_user("alice")
    return "alice"


def remains(name: str) -> bool:
    """Whether the cgroup of a machine exists, its only trace on the host, wherever it has its cgroup2 mounted."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    roots = [mount[1] for mount in mounts if mount[2] == "cgroup2"]
    return any(name in folders for root in roots for _, folders, _ in os.walk(root))


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and waits to be reaped does not."""
    try:
        stat = Path("/proc", str(pid), "stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def wait_until(true: Callable[[], bool], timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.01)


def test_systemd_is_pid_1_and_content(machine: Machine) -> None:
    """The machine is fully booted, and nothing has failed on the way."""
    assert machine.read("/proc/1/comm") == "systemd\n"
    assert machine.run("systemctl", "list-units", "--failed", "--plain", "--no-legend").stdout == ""
    assert machine.run("systemctl", "is-system-running").stdout == "running\n"


def test_run_gives_what_the_command_gave(machine: Machine) -> None:
    """Exit code, output, error output, and the input that it was given."""
    done = machine.sh("cat; echo oops >&2; exit 3", input="hello\n", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "hello\n", "oops\n")


def test_run_raises_when_the_command_fails(machine: Machine) -> None:
    """The exception shows the command as it was given, and what it printed."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        machine.run("ls", "/nowhere")
    assert caught.value.cmd == ("ls", "/nowhere")
    assert "/nowhere" in caught.value.__notes__[0]


def test_run_kills_what_takes_too_long(machine: Machine) -> None:
    """After the timeout the command is gone from the machine too."""
    with pytest.raises(subprocess.TimeoutExpired):
        machine.sh("sleep 98765 & sleep 98765", timeout=0.3)
    wait_until(lambda: "98765" not in machine.run("ps", "-e", "-o", "args").stdout)


def test_the_environment_is_clean(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of the host do not reach a command, those of the call do."""
    monkeypatch.setenv("OF_THE_HOST", "1")
    printed = machine.run("env", env={"OF_THE_CALL": "1"}, cwd="/usr").stdout
    assert "OF_THE_CALL=1" in printed
    assert "OF_THE_HOST" not in printed


def test_commands_belong_to_the_machine(machine: Machine) -> None:
    """Commands run in the machine's namespaces and in a cgroup that its systemd knows."""
    assert "0::/system.slice/machine-shell.service\n" in machine.read("/proc/self/cgroup")
    assert machine.run("hostname").stdout == "machine\n"
    assert machine.run("pwd", cwd="/usr/lib").stdout == "/usr/lib\n"


def test_loopback_is_up_and_alone(machine: Machine) -> None:
    """TCP works within the machine, and no other network is there."""
    assert machine.run("ls", "/sys/class/net").stdout == "lo\n"
    script = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"
    machine.run(machine.python, "-W", "ignore", "-c", script)


def test_the_kernel_cannot_be_changed(machine: Machine) -> None:
    """What is not namespaced is the host's, and read-only."""
    for knob in ("/proc/sys/kernel/panic", "/sys/kernel/uevent_seqnum"):
        assert machine.sh(f"echo 1 >{knob}", check=False).returncode != 0
    capabilities = int(machine.sh("sed -n 's/^CapBnd:\\t//p' /proc/1/status").stdout, 16)
    assert not capabilities & (1 << 16 | 1 << 17 | 1 << 25)


def test_services_start_and_are_shown(machine: Machine) -> None:
    """A unit that was written is run by systemd, and what it prints is in the journal."""
    machine.write(UNIT, "[Service]\nType=oneshot\nExecStart=echo 'from the unit'\nRemainAfterExit=yes\n")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", UNIT.name)
    assert machine.show(UNIT.name, "ActiveState", "Result") == {"ActiveState": "active", "Result": "success"}
    messages = [entry["MESSAGE"] for entry in machine.journal(UNIT.name)]
    assert "from the unit" in messages
    assert any(message.startswith("Finished") for message in messages)
    assert "from the unit" in {entry["MESSAGE"] for entry in machine.journal()}


def test_complaints_about_a_unit_file_are_found(machine: Machine) -> None:
    """An unknown key is reported with its file and line; a file without fault has no entry."""
    good, bad = UNIT.with_name("good.service"), UNIT.with_name("bad.service")
    machine.write(good, "[Service]\nExecStart=true\n")
    machine.write(bad, "[Service]\nExecStart=true\nColour=blue\n")
    machine.run("systemctl", "daemon-reload")
    assert machine.show(bad.name, "LoadState") == machine.show(good.name, "LoadState") == {"LoadState": "loaded"}
    (complaint,) = machine.journal_config([good, bad])
    assert (complaint["CONFIG_FILE"], complaint["CONFIG_LINE"]) == (str(bad), "3")
    assert "Colour" in complaint["MESSAGE"]


def test_a_users_manager_works(machine: Machine, alice: str) -> None:
    """The user's own units are started by the user's own manager."""
    assert machine.run("systemctl", "--user", "is-system-running", "--wait", user=alice).stdout == "running\n"
    machine.sh(
        "mkdir -p ~/.config/systemd/user; cat >~/.config/systemd/user/mine.service; systemctl --user start mine",
        user=alice,
        input="[Service]\nExecStart=sleep infinity\n",
    )
    assert machine.show("mine.service", "ActiveState", user=alice) == {"ActiveState": "active"}
    assert machine.run("systemctl", "is-active", "mine.service", check=False).returncode != 0


@pytest.mark.parametrize("user", [None, "alice"])
@pytest.mark.usefixtures("alice")
def test_everyone_can_run_mkunit(machine: Machine, user: str | None) -> None:
    """The interpreter of the tests works inside, with mkunit, wherever on the host they are installed."""
    done = machine.run(machine.python, "-c", "import attrs, mkunit; print(mkunit.__file__)", user=user)
    assert Path(done.stdout.strip()).name == "__init__.py"
    assert machine.run("python", "-c", "import sys; print(sys.prefix)", user=user).stdout.strip() == sys.prefix


def test_a_file_is_read_as_it_was_written(machine: Machine) -> None:
    """Folders above it are made; the host sees it only below `path`."""
    name = "/etc/made/for the test/é.conf"
    machine.write(name, "one\n\ntwo")
    assert machine.read(name) == "one\n\ntwo"
    assert machine.path(name).read_text(encoding="utf-8") == "one\n\ntwo"
    assert not Path(name).exists()


def test_machines_do_not_see_each_other(machine: Machine, machines: type[Machine]) -> None:
    """Neither files, processes, units nor cgroups of one are in the other; the host has none of them."""
    with machines() as other:
        for each, seconds in ((machine, "1111"), (other, "2222")):
            each.write("/srv/mark", seconds)
            each.run("systemd-run", "--unit=mark", "sleep", seconds + "." + seconds)
        assert (machine.read("/srv/mark"), other.read("/srv/mark")) == ("1111", "2222")
        assert "2222.2222" not in machine.run("ps", "-e", "-o", "args").stdout
        assert "1111.1111" not in other.run("ps", "-e", "-o", "args").stdout
        assert not Path("/srv/mark").exists()
        assert machine.name != other.name
    assert machine.run("systemctl", "is-active", "mark.service").stdout == "active\n"
    machine.run("systemctl", "stop", "mark.service")


def test_the_host_is_untouched(machines: type[Machine]) -> None:
    """Deleting and writing inside leaves the host's files, mounts, users and name as they were."""
    seen = (Path("/etc/passwd"), Path("/proc/mounts"), Path("/proc/sys/kernel/hostname"))
    before = [file.read_bytes() for file in seen]
    with machines() as booted:
        booted.add_user("bob")
        booted.sh(f"rm -rf /etc /home; echo gone >'{Path(__file__)}'; umount /tmp 2>/dev/null || true")
        during = [file.read_bytes() for file in seen]
    assert before == during == [file.read_bytes() for file in seen]
    assert Path("/etc/passwd").exists()
    assert "gone" not in Path(__file__).read_text(encoding="utf-8").splitlines()


def test_nothing_is_left_of_a_machine(machines: type[Machine]) -> None:
    """When it is left, even by an exception, its processes and its cgroup are gone, and it says so when used."""
    booted = machines()
    with pytest.raises(ZeroDivisionError), booted:
        pid, name = booted.pid, booted.name
        assert remains(name)
        raise ZeroDivisionError
    assert not Path("/proc", str(pid)).exists()
    assert not remains(name)
    with pytest.raises(MachineError, match="not running"):
        booted.run("true")


@frozen
class Doomed:
    """Another Python process that holds a machine."""

    process: subprocess.Popen[str]
    pid: int  #: of the machine's PID 1
    name: str


@pytest.fixture
def doomed(machines: type[Machine]) -> Iterator[Doomed]:
    script = (
        f"from {machines.__module__} import Machine\nwith Machine() as m: print(m.pid, m.name, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        pid, name = process.stdout.readline().split()
        yield Doomed(process, int(pid), name)
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_tests_are_killed(doomed: Doomed, number: signal.Signals) -> None:
    """The supervisor sees its owner die, and clears up."""
    doomed.process.send_signal(number)
    wait_until(lambda: not alive(doomed.pid))
    wait_until(lambda: not remains(doomed.name))


def test_the_machine_dies_with_its_supervisor(machines: type[Machine], doomed: Doomed) -> None:
    """Then only an empty cgroup can be left, which the next machine sweeps up."""
    os.kill(int(doomed.name.rpartition("-")[2]), signal.SIGKILL)
    wait_until(lambda: not alive(doomed.pid))
    with machines():
        assert not remains(doomed.name)


def test_a_machine_can_switch_itself_off(machines: type[Machine]) -> None:
    """The commands then fail, and leaving it is as quiet as ever."""
    with machines() as booted:
        pid, name = booted.pid, booted.name
        booted.run("systemctl", "poweroff", check=False)
        wait_until(lambda: not alive(pid))
        assert booted.run("true", check=False).returncode != 0
    assert not remains(name)


def test_a_machine_that_stops_is_an_error(machines: type[Machine], tmp_path: Path) -> None:
    """When systemd cannot boot, the error says what was printed; here there is no systemd to be executed."""
    broken = tmp_path / "layer/usr/lib/systemd"
    broken.mkdir(parents=True)
    (broken / "systemd").write_text("not a program")
    with pytest.raises(MachineError, match="stopped while it booted"):
        machines(root=tmp_path / "layer").__enter__()


@pytest.mark.usefixtures("machines")
@pytest.mark.parametrize(
    ("variables", "outcome"),
    [
        ({}, "1 skipped"),
        ({"CI": ""}, "1 skipped"),
        ({"CI": "true"}, "1 error"),
        ({"MKUNIT_REQUIRE_MACHINE": "1"}, "1 error"),
    ],
)
def test_where_no_machine_can_be_booted(variables: dict[str, str], outcome: str) -> None:
    """Its tests are skipped with the reason, but in CI, or where machines are required, they fail with it."""
    env = {name: value for name, value in os.environ.items() if name not in {"CI", "MKUNIT_REQUIRE_MACHINE"}}
    pytest_run = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        f"{__file__}::test_systemd_is_pid_1_and_content",
    ]
    done = subprocess.run(
        ["setpriv", "--bounding-set", "-sys_admin", *pytest_run],
        check=False,
        capture_output=True,
        text=True,
        env={**env, **variables},
    )
    assert f" {outcome} in " in done.stdout
    assert "no machine can be set up here: unshare" in done.stdout
