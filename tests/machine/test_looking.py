"""`mkunit list`, `status` and `explain` on a real machine: what runs, what has failed, what others installed."""

import json
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest
from bench import FOLDER, Project, quicken

from mkunit.testing.machine import Machine

UNITS = """
Service("web", exec_start="/usr/bin/sleep 1000", description="The web server")
Service("bad", exec_start="/usr/bin/sleep 1", group="root")
Socket("echo", listen=["127.0.0.1:7301", "/run/echo.sock"], accept=True, socket_mode=0o660, socket_group="daemon")
Service("echo@", exec_start="/usr/bin/cat", standard_input="socket")
Timer("tidy", on_calendar="daily", activates=Service("tidy", type="oneshot", exec_start="/bin/true"))
"""
HOLD = "import socket, time; held = socket.create_connection(('127.0.0.1', 7301)); time.sleep(1000)"


@pytest.fixture(scope="module")
def shop(machine: Machine) -> Iterator[Project]:
    """A project that is applied, with a service that a foreign drop-in has broken, and a connection that is held."""
    quicken(machine)
    # Whatever the host's root has installed for himself is none of this.
    machine.sh("rm -rf /root/.local/state/mkunit /root/.config/systemd")
    machine.add_user("kim")
    project = Project(machine, "shop")
    project.apply(UNITS)
    machine.run("systemctl", "start", "web.service")
    machine.write(f"{FOLDER}/bad.service.d/9-other.conf", "[Service]\nGroup=nobody-here\n")
    machine.sh("systemctl daemon-reload; systemctl restart bad.service || true")
    machine.run("systemd-run", "--unit=hold", "/usr/bin/python3", "-c", HOLD)
    machine.sh("until test $(systemctl show -P NAccepted echo.socket) = 1; do sleep 0.05; done; journalctl --sync")
    yield project
    machine.sh("for unit in hold.service web.service echo.socket; do systemctl stop $unit || true; done")


def rows(project: Project, *words: str) -> dict[str, dict[str, object]]:
    """The units that are listed, by name."""
    return {row["unit"]: row for row in json.loads(project.mkunit("list", "--json", *words).stdout)["units"]}


def near(project: Project, name: str) -> dict[str, object]:
    """All that `status` has on one unit."""
    (row,) = json.loads(project.mkunit("status", "--json", name, check=False).stdout)["units"]
    assert isinstance(row, dict)
    return row


def as_kim(project: Project, *words: str) -> CompletedProcess[str]:
    machine = project.machine
    return machine.run(machine.python, "-m", "mkunit", *words, user="kim", cwd="/", check=False)


def test_list_as_systemd_has_it(shop: Project) -> None:
    """States, and what timers do next, are systemd's own."""
    found = rows(shop)
    assert {name: row["state"] for name, row in found.items()} == {
        "bad.service": "failed", "echo.socket": "listening", "echo@.service": "1 instance", "tidy.service": "inactive",
        "tidy.timer": "waiting", "web.service": "running",
    }  # fmt: skip
    assert str(found["tidy.timer"]["next"]).endswith("T00:00:00+00:00")
    assert {row["drift"] for row in found.values()} == {""}


def test_list_by_state_and_kind(shop: Project) -> None:
    assert set(rows(shop, "--state", "failed")) == {"bad.service"}
    assert set(rows(shop, "--state", "running,waiting", "--type", "service,timer")) == {"web.service", "tidy.timer"}


def test_list_all(shop: Project) -> None:
    """The units of others are there, and marked; ours are in no list twice."""
    found = json.loads(shop.mkunit("list", "--all", "--system", "--json").stdout)["units"]
    by_name = {row["unit"]: row for row in found}
    assert len(by_name) == len(found)
    assert (by_name["dbus.socket"]["owned"], by_name["dbus.socket"]["state"]) == (False, "running")
    assert (by_name["web.service"]["owned"], by_name["web.service"]["project"]) == (True, "shop")
    known = shop.machine.run("systemctl", "list-unit-files", "--no-legend").stdout.splitlines()
    assert {line.split()[0] for line in known} <= set(by_name)


def test_status_codes(shop: Project) -> None:
    """0 for what runs or may rest, 5 for what has failed, 3 for what is not there; the gravest of all."""
    codes = {"web": 0, "tidy": 0, "bad": 5, "nothing": 3, "dbus.socket": 0, "w*": 0, "*": 5, "init.scope": 0}
    assert {name: shop.mkunit("status", "-q", name, check=False).returncode for name in codes} == codes
    assert shop.mkunit("status", "-q", check=False).returncode == 5


def test_status_of_what_failed(shop: Project) -> None:
    """The reason in words, whose drop-in it was, and the last lines."""
    done = shop.mkunit("status", "bad", check=False)
    assert "  result    216/GROUP: its Group=" in done.stdout
    assert f"{FOLDER}/bad.service.d/9-other.conf, not by mkunit" in done.stdout
    assert "Failed at step GROUP" in done.stdout
    assert "`mkunit logs bad.service`" in done.stderr


def test_status_of_a_service(shop: Project) -> None:
    """Since when, which process, and what it takes."""
    row = near(shop, "web.service")
    assert row["pid"] == int(shop.show("web.service", "MainPID"))
    assert (row["command"], row["result"], row["restarts"]) == ("sleep", "", 0)
    assert row["since"]
    text = shop.mkunit("status", "web").stdout
    assert text.startswith("web.service: active (running) since ")
    assert "by mkunit, project shop, from units/all.py" in text


def test_status_of_a_socket(shop: Project) -> None:
    """Its listeners, and who is connected."""
    row = near(shop, "echo.socket")
    assert row["listens"] == ["127.0.0.1:7301 (Stream)", "/run/echo.sock (Stream)"]
    assert (row["connections"], row["accepted"]) == (1, 1)


def test_status_of_a_template(shop: Project) -> None:
    """Its instances."""
    (instance,) = near(shop, "echo@.service")["instances"]  # type: ignore[misc]
    assert instance["active"] == "active (running)"


def test_status_of_a_timer(shop: Project) -> None:
    """What it starts, and when; and of the service, what starts it."""
    found = shop.mkunit("status", "tidy").stdout
    assert "started by  tidy.timer" in found
    assert "starts    tidy.service" in found
    assert "00:00:00 UTC, in " in found


def test_status_of_others(shop: Project) -> None:
    """Units that mkunit has not installed, with a file or without."""
    assert near(shop, "dbus.socket")["owned"] is False
    assert "not by mkunit" in shop.mkunit("status", "dbus.socket").stdout
    assert near(shop, "hold.service")["command"] == "python3"
    assert near(shop, "init.scope")["active"] == "active (running)"


def test_status_without_rights(shop: Project) -> None:
    """An ordinary user sees how units stand; that lines of the log may be missing is said."""
    done = as_kim(shop, "status", "bad.service")
    assert done.returncode == 5
    assert "216/GROUP" in done.stdout
    assert "only root and the group systemd-journal may read it" in done.stdout


def test_reload_waits(shop: Project) -> None:
    """A file that systemd has not read yet is a change that waits."""
    machine = shop.machine
    text = machine.read(f"{FOLDER}/web.service")
    machine.write(f"{FOLDER}/web.service", text + "# touched\n")
    try:
        done = shop.mkunit("status", "web", check=False)
        assert done.returncode == 6
        assert "`systemctl daemon-reload`" in done.stderr
        assert "drift    changed: web.service" in done.stdout
    finally:
        machine.write(f"{FOLDER}/web.service", text)
        machine.run("systemctl", "daemon-reload")


def explained(project: Project, name: str) -> dict[str, object]:
    """All that `explain` has on a unit."""
    found = json.loads(project.mkunit("explain", "--json", name).stdout)
    assert isinstance(found, dict)
    return found


def test_explain_who_can_connect(shop: Project) -> None:
    """By address, and by the members of a group of this machine."""
    reach = explained(shop, "echo.socket")["reach"]
    assert [(one["address"], one["who"]) for one in reach] == [  # type: ignore[attr-defined]
        ("127.0.0.1:7301", ["only this machine"]),
        ("/run/echo.sock", ["root and the group daemon (daemon) (mode 0660, of root:daemon)"]),
    ]


def test_explain_says_what_the_socket_lets_in(shop: Project) -> None:
    """A user who is said to be shut out is shut out, and one of the group is not."""
    ask = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/run/echo.sock')"
    assert shop.machine.run("/usr/bin/python3", "-c", ask, user="kim", check=False).returncode == 1
    shop.machine.run("usermod", "-aG", "daemon", "kim")
    try:
        assert "the group daemon (daemon, kim)" in shop.mkunit("explain", "echo.socket").stdout
        inside = ("setpriv", "--reuid=kim", "--regid=kim", "--init-groups", "/usr/bin/python3", "-c", ask)
        assert shop.machine.run(*inside, check=False).returncode == 0
    finally:
        shop.machine.run("gpasswd", "-d", "kim", "daemon")


def test_explain_settings_and_their_places(shop: Project) -> None:
    """A drop-in of somebody else's is named for what it sets."""
    out = shop.mkunit("explain", "bad.service").stdout
    assert "Group=nobody-here" in out
    assert "9-other.conf:2" in out
    assert "made from  units/all.py" in out
    assert "Group=root" not in out


def test_explain_next_runs(shop: Project) -> None:
    """Five of them, for the timer and for what it starts."""
    for name in ("tidy.timer", "tidy.service"):
        runs = explained(shop, name)["runs"]
        assert len(runs) == 5  # type: ignore[arg-type]
        assert all(" 00:00:00 UTC" in run for run in runs)  # type: ignore[attr-defined]


def test_explain_why_it_runs(shop: Project) -> None:
    """The way up to what this machine boots, as systemd has it."""
    (way,) = explained(shop, "echo.socket")["causes"]  # type: ignore[misc]
    sources = [pull["source"] for pull in way["pulls"]]
    assert sources[:2] == ["sockets.target", "basic.target"]
    assert sources[-1] == shop.machine.show("default.target", "Id")["Id"]
    assert way["boot"] is True


def test_explain_of_what_nothing_starts(shop: Project) -> None:
    machine = shop.machine
    machine.write(f"{FOLDER}/lone.service", "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n")
    machine.run("systemctl", "daemon-reload")
    out = shop.mkunit("explain", "lone").stdout
    assert "nothing starts it: `systemctl enable lone.service` would, with multi-user.target" in out


def test_explain_before_it_is_installed(shop: Project) -> None:
    """A unit that only the units files have, beside those that are installed."""
    shop.write(UNITS + 'Service("coming", exec_start="/usr/bin/true")\n')
    out = shop.mkunit("explain", "coming").stdout
    assert out.startswith("coming.service, of the project\n")
    assert "multi-user.target wants it" in out


def test_explain_without_rights(shop: Project) -> None:
    """An ordinary user is told the same."""
    done = as_kim(shop, "explain", "echo.socket")
    assert (done.returncode, "only this machine" in done.stdout) == (0, True)


def test_explain_mentions_a_unit_of_the_name(shop: Project) -> None:
    """A word that is a directive's and a unit's is the directive's, and the unit is mentioned."""
    done = shop.mkunit("explain", "user")
    assert done.stdout.startswith("User= in [Service]")
    assert "there is a unit `user.slice`, too" in done.stderr


def test_units_for_all_users_have_no_state(shop: Project) -> None:
    """Each user's manager runs them or does not: to call them inactive would be a guess."""
    everyone = Project(shop.machine, "everyone")
    everyone.apply('Service("greet", exec_start="/usr/bin/true", scope="user")', "--global")
    row = rows(everyone, "--global")["greet.service"]
    assert (row["scope"], row["state"], row["enabled"]) == ("global", "per user", "enabled")
    assert everyone.mkunit("status", "--global").returncode == 0
