"""One-off units of every kind on a real machine: installed, started, at work, and judged by systemd itself."""

from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
TALK = "import socket; s = socket.create_connection(('127.0.0.1', {}), 10); s.sendall(b'hello'); s.shutdown(1); print(s.recv(99))"


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    machine.add_user("kim")
    return machine


@pytest.fixture
def clean(prepared: Machine) -> Iterator[Machine]:
    """The machine, with the units of a test gone afterwards."""
    yield prepared
    prepared.run("systemctl", "stop", "one*", "mnt-one*", check=False)
    prepared.run("systemctl", "--user", "stop", "one*", user="kim", check=False)
    prepared.sh(
        f"find {FOLDER} /home/kim/.config -name 'one*' -delete; rm -rf /var/lib/mkunit /home/kim/.local/state",
        check=False,
    )
    prepared.sh("rm -rf /run/one /run/inbox; systemctl daemon-reload; systemctl reset-failed")


def mkunit(machine: Machine, *words: str, user: str | None = None, check: bool = True) -> CompletedProcess[str]:
    return machine.run(machine.python, "-m", "mkunit", *words, user=user, check=check, cwd="/tmp")


def install(machine: Machine, *words: str) -> CompletedProcess[str]:
    return mkunit(machine, *words, "--system", "--install", "--start")


def state(machine: Machine, unit: str) -> str:
    return machine.show(unit, "ActiveState")["ActiveState"]


def complaints(machine: Machine, *names: str) -> list[object]:
    return list(machine.journal_config([f"{FOLDER}/{name}" for name in names]))


def test_service(clean: Machine) -> None:
    """The process has the arguments and variables exactly as they were given."""
    script = "import os, sys; print(sys.argv[1:], os.environ['A'], os.getcwd())"
    words = ("--arg", "a b", "--arg=100% $x", "--env", "A=b c%", "--workdir", "/usr", "--type", "oneshot")
    install(clean, "service", "one", "--exec", "/usr/bin/python3 -c", "--arg", script, *words)
    messages = [str(entry.get("MESSAGE")) for entry in clean.journal("one.service")]
    assert "['a b', '100% $x'] b c% /usr" in messages
    assert complaints(clean, "one.service") == []


def test_hardened_service(clean: Machine) -> None:
    """A profile of the system's, with a capability that is kept."""
    install(clean, "service", "one", "--exec", "sleep 1000", "--hardening", "--cap-add", "net_bind_service")
    pid = clean.show("one.service", "MainPID")["MainPID"]
    assert "CapBnd:\t0000000000000400" in clean.read(f"/proc/{pid}/status")
    assert complaints(clean, "one.service") == []


def test_hardened_service_of_a_user(clean: Machine) -> None:
    """A user's systemd takes the rights away in a namespace; without that the service would not start."""
    mkunit(clean, "service", "one", "--exec", "sleep 1000", "--hardening", "--install", "--start", user="kim")
    found = clean.show("one.service", "ActiveState", "Result", user="kim")
    assert found == {"ActiveState": "active", "Result": "success"}


def test_timer_with_its_service(clean: Machine) -> None:
    """It is enabled, it runs, and systemd reckons with the same next time as was shown."""
    done = install(clean, "timer", "one", "--on-calendar", "*-*-* 04:00 UTC", "--on-active", "1s", "--accuracy", "1s",
                   "--exec", "touch /run/one", "--enable")  # fmt: skip
    assert clean.run("systemctl", "is-enabled", "one.timer").stdout == "enabled\n"
    assert clean.run("systemctl", "is-enabled", "one.service", check=False).stdout == "static\n"
    clean.sh("until test -e /run/one; do sleep 0.1; done")
    shown = done.stderr.partition("next runs:\n")[2].split("\n")[0].strip()
    assert (
        clean.run("systemctl", "show", "--property=NextElapseUSecRealtime", "--value", "one.timer").stdout.strip()
        == shown
    )


def test_path_with_its_service(clean: Machine) -> None:
    """What appears in the folder, which was made, starts the service."""
    install(
        clean, "path", "one", "--not-empty", "/run/inbox", "--make-directory", "--exec", "mv /run/inbox/x /run/sorted"
    )
    clean.run("touch", "/run/inbox/x")
    clean.sh("until test -e /run/sorted; do sleep 0.1; done")


def test_socket_with_its_service(clean: Machine) -> None:
    """An instance for each connection, on its standard input."""
    install(clean, "socket", "one", "--listen-stream", "127.0.0.1:7001", "--accept", "--exec", "cat")
    assert clean.run("/usr/bin/python3", "-c", TALK.format(7001)).stdout == "b'hello'\n"
    assert complaints(clean, "one.socket", "one@.service") == []


def test_target_and_slice(clean: Machine) -> None:
    """A target pulls its units up; a slice has its limits."""
    clean.write(f"{FOLDER}/one-a.service", "[Service]\nExecStart=/usr/bin/sleep 1000\n")
    clean.run("systemctl", "daemon-reload")
    install(clean, "target", "one", "--wants", "one-a.service")
    assert state(clean, "one-a.service") == "active"
    install(clean, "slice", "one", "--memory-max", "64M", "--tasks-max", "10")
    assert clean.show("one.slice", "MemoryMax") == {"MemoryMax": str(64 << 20)}


@pytest.mark.parametrize("words", [
    ("mount", "/mnt/one two", "--what", "tmpfs", "--type", "tmpfs", "--options", "size=1M", "--options", "mode=0700"),
    ("swap", "/one", "--priority", "3"),
    ("automount", "/mnt/one", "--what", "tmpfs", "--type", "tmpfs", "--timeout", "1min"),
])  # fmt: skip
def test_named_after_paths(clean: Machine, words: tuple[str, ...]) -> None:
    """systemd loads them without a word; they need not be told that they are the system's."""
    mkunit(clean, *words, "--install", "--enable")
    names = clean.sh(f"cd {FOLDER}; ls | grep -E 'mount|swap'; rm -f *mount *swap; rm -rf *.wants").stdout.split()
    assert names
    assert complaints(clean, *names) == []


def test_mount_is_mounted(clean: Machine) -> None:
    install(clean, "mount", "/mnt/one", "--what", "tmpfs", "--type", "tmpfs", "--options", "size=1M")
    assert clean.run("findmnt", "--noheadings", "--output", "FSTYPE", "/mnt/one").stdout == "tmpfs\n"
    clean.sh(f"systemctl stop mnt-one.mount; rm {FOLDER}/mnt-one.mount")


def test_failed_start_takes_both_back(clean: Machine) -> None:
    """A timer that cannot start leaves neither file behind."""
    clean.sh("systemd-run --quiet --unit=taken /usr/bin/python3 -m http.server 7002")
    clean.sh("until ss -ltn | grep -q :7002; do sleep 0.1; done")
    done = mkunit(
        clean,
        "socket",
        "one",
        "--listen-stream",
        "7002",
        "--exec",
        "cat",
        "--system",
        "--install",
        "--start",
        check=False,
    )
    clean.run("systemctl", "stop", "taken")
    assert done.returncode == 7, done.stderr
    assert not clean.path(f"{FOLDER}/one.socket").exists()
    assert not clean.path(f"{FOLDER}/one.service").exists()


def test_missing_service(clean: Machine) -> None:
    """A timer whose service there is not is refused before anything is touched, with the ways out."""
    done = mkunit(clean, "timer", "one", "--on-boot", "1h", "--system", "--start", check=False)
    assert done.returncode == 3
    assert "write it here with `--exec`" in done.stderr
    assert not clean.path(f"{FOLDER}/one.timer").exists()


def test_template_cannot_be_started(clean: Machine) -> None:
    done = mkunit(clean, "service", "one@", "--exec", "sleep 1", "--system", "--start", check=False)
    assert done.returncode == 2
    assert "systemctl start one@one.service" in done.stderr


def test_linger(clean: Machine) -> None:
    """Who enables a unit of their own is told that it starts at login; a user who lingers, or removes it, is not."""
    words = ("timer", "one", "--on-boot", "1h", "--exec", "true", "--install", "--enable", "--force")
    assert "loginctl enable-linger" in mkunit(clean, *words, user="kim").stderr
    assert "linger" not in mkunit(clean, "remove", "one.timer", "--yes", user="kim").stderr
    clean.sh("mkdir -p /var/lib/systemd/linger; touch /var/lib/systemd/linger/kim")
    assert "linger" not in mkunit(clean, *words, user="kim").stderr
    clean.run("rm", "/var/lib/systemd/linger/kim")
