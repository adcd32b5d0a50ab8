"""The example in `units/`, loaded whole by the real systemd and used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mkunit.testing.machine import Machine

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def shop(machine: Machine) -> Iterator[Machine]:
    """A machine with the example's units in place, as `mkunit build` makes them."""
    machine.run(machine.python, "-m", "mkunit", "-C", str(ROOT), "build", "--output", "/tmp/out")
    machine.sh(
        "cp -r /tmp/out/system/. /etc/systemd/system; mkdir -p /etc/systemd/user; cp -r /tmp/out/user/. /etc/systemd/user"
    )
    machine.run("systemctl", "daemon-reload")
    yield machine
    machine.run("systemctl", "stop", "shop.target", "shop.socket", "greeter.socket")


def _files(machine: Machine, scope: str) -> list[str]:
    found = machine.sh(f"cd /tmp/out/{scope}; find . -type f -printf '%P\\n'").stdout.splitlines()
    assert found
    return [f"/etc/systemd/{scope}/{name}" for name in found]


def test_systemd_has_nothing_to_say(shop: Machine) -> None:
    """Every unit loads, and PID 1 logs not one line about any of the files."""
    names = [Path(file).name for file in _files(shop, "system") if "@" not in file and not file.endswith(".conf")]
    for name in [*names, "systemd-journald.service", "greeter@x.service"]:
        assert shop.show(name, "LoadState")["LoadState"] == "loaded", name
    assert shop.journal_config(_files(shop, "system")) == []


def test_verify_is_silent(shop: Machine) -> None:
    """systemd-analyze verify prints nothing, for the system's units and the user's."""
    whole = [file for file in _files(shop, "system") if not file.endswith(".conf")]
    shop.run("mkdir", "-p", "/run/user/0")
    for arguments in (["verify", "--man=no", *whole], ["--user", "verify", "--man=no", *_files(shop, "user")]):
        done = shop.run("systemd-analyze", *arguments, env={"XDG_RUNTIME_DIR": "/run/user/0"})
        assert (done.stdout, done.stderr) == ("", "")


def test_everything_can_be_enabled(shop: Machine) -> None:
    """[Install] holds what systemctl wants; a service that another unit starts has none."""
    wanted = ["shop.target", "shop.socket", "greeter.socket", "shop-backup.timer", "shop-uploads.path"]
    assert shop.run("systemctl", "is-enabled", *wanted, check=False).stdout.split() == ["disabled"] * len(wanted)
    shop.run("systemctl", "enable", *wanted)
    assert shop.run("systemctl", "is-enabled", *wanted).stdout.split() == ["enabled"] * len(wanted)
    assert shop.run("systemctl", "is-enabled", "shop-web.service").stdout == "static\n"


def test_the_shop_answers(shop: Machine) -> None:
    """The target starts the sockets, and the first request the application behind them."""
    shop.run("systemctl", "start", "shop.target")
    assert shop.show("shop-app.service", "ActiveState")["ActiveState"] == "inactive"
    ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8080/', timeout=20).status)"
    assert shop.run("/usr/bin/python3", "-c", ask).stdout == "200\n"
    unix = "import socket as s; c = s.socket(s.AF_UNIX); c.connect('/run/shop.sock'); c.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n');"
    assert "200 OK" in shop.run("/usr/bin/python3", "-c", f"{unix} print(c.recv(100))").stdout
    environment = shop.sh("tr '\\0' '\\n' < /proc/$(systemctl show -P MainPID shop-app)/environ").stdout.splitlines()
    assert "GREETING=Everything 20% off" in environment


def test_the_greeter_greets(shop: Machine) -> None:
    """A process for each connection, whose arguments arrive as they were written."""
    shop.run("systemctl", "start", "greeter.socket")
    ask = "import socket as s; print(s.create_connection(('127.0.0.1', 7007), 10).makefile().read(), end='')"
    host = shop.run("hostname").stdout.strip()
    assert shop.run("/usr/bin/python3", "-c", ask).stdout == f"Welcome to {host}: today everything is 20% off\n"


def test_the_backup_runs(shop: Machine) -> None:
    """The oneshot service works under its hardening, and the timer knows when to start it."""
    shop.run("systemctl", "start", "shop-backup.service")
    assert shop.path("/var/cache/shop/backup.tar").stat().st_size
    shop.run("systemctl", "start", "shop-backup.timer")
    assert shop.show("shop-backup.timer", "NextElapseUSecRealtime")["NextElapseUSecRealtime"]


def test_uploads_are_sorted(shop: Machine) -> None:
    """A file that arrives is moved on."""
    shop.run("systemctl", "start", "shop-uploads.service", "shop-uploads.path")
    shop.run("install", "-o", "www-data", "/dev/null", "/var/lib/shop/incoming/new.txt")
    shop.sh("for i in $(seq 100); do test -e /var/lib/shop/new.txt && exit 0; sleep 0.1; done; exit 1")


def test_the_mount_is_mounted(shop: Machine) -> None:
    """A path with a blank in it."""
    shop.run("systemctl", "start", r"srv-shop\x20pages.mount")
    assert shop.run("findmnt", "--noheadings", "--output", "FSTYPE", "/srv/shop pages").stdout == "tmpfs\n"
