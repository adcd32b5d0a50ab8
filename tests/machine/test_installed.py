"""`mkunit show`, `logs` and `link` on a real machine, by the names that people use."""

import json
import re
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
OWN = "/home/kim/.config/systemd/user"
SLEEP = "[Service]\nExecStart=/usr/bin/sleep 1000\n"


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    machine.add_user("kim")
    return machine


@pytest.fixture
def clean(prepared: Machine) -> Iterator[Machine]:
    """The machine with a service that runs, of which nothing is left afterwards."""
    prepared.write(f"{FOLDER}/web.service", SLEEP)
    prepared.write(f"{FOLDER}/web.service.d/20-limits.conf", "[Service]\nMemoryMax=1G\n")
    prepared.write(f"{FOLDER}/web@.service", SLEEP)
    prepared.sh("systemctl daemon-reload; systemctl restart web.service")
    yield prepared
    prepared.sh(f"systemctl stop web.service || true; find {FOLDER} -name 'web*' -o -name 'dbus*' | xargs rm -rf")
    prepared.sh(f"rm -rf {OWN} /srv/units; systemctl daemon-reload; systemctl reset-failed")


def mkunit(
    machine: Machine, *words: str, user: str | None = None, check: bool = True, **more: str
) -> CompletedProcess[str]:
    return machine.run(machine.python, "-m", "mkunit", *words, user=user, env=more, check=check, cwd="/tmp")


@pytest.mark.parametrize("name", ["web", "web.service"])
def test_show(clean: Machine, name: str) -> None:
    """The file and its drop-in, in the order in which they are read."""
    done = mkunit(clean, "show", name)
    parts = f"# {FOLDER}/web.service\n{SLEEP}\n# {FOLDER}/web.service.d/20-limits.conf\n[Service]\nMemoryMax=1G\n"
    assert (done.stdout, done.stderr) == (parts, "")
    assert (
        mkunit(clean, "show", name, "--path").stdout == f"{FOLDER}/web.service\n{FOLDER}/web.service.d/20-limits.conf\n"
    )


def test_show_is_what_systemctl_shows(clean: Machine) -> None:
    """The same files as `systemctl cat` finds, of units with aliases, too."""
    for name in ("web.service", "web@one.service", "dbus.service", "systemd-journald.service", "ctrl-alt-del.target"):
        cat = clean.run("systemctl", "cat", name).stdout
        wanted = re.findall(r"^# (/\S+\.(?:conf|service|target))$", cat, re.MULTILINE)
        found = mkunit(clean, "show", "--system", "--path", name).stdout.split()
        resolved = [clean.run("readlink", "-f", path).stdout.strip() for path in found]
        assert resolved == [clean.run("readlink", "-f", path).stdout.strip() for path in wanted]


def test_show_as_data(clean: Machine) -> None:
    """With what systemd does not know yet."""
    clean.write(f"{FOLDER}/web.service", SLEEP + "Restart=always\n")
    done = mkunit(clean, "show", "web", "--json")
    found = json.loads(done.stdout)
    assert (found["name"], found["scope"], found["reload"]) == ("web.service", "system", True)
    assert found["files"][0]["text"].endswith("Restart=always\n")
    assert "systemctl daemon-reload" in done.stderr


def test_no_such_unit(clean: Machine) -> None:
    """Exit code 3, and what was probably meant."""
    done = mkunit(clean, "show", "systemd-jornald", check=False)
    assert done.returncode == 3
    assert "did you mean `systemd-journald`?" in done.stderr
    assert "did you mean `web.service`?" in mkunit(clean, "logs", "web.servce", check=False).stderr
    assert mkunit(clean, "edit", "nobody", check=False).returncode == 3


def test_logs(clean: Machine) -> None:
    """journalctl's own words, in journalctl's own ways."""
    clean.run("journalctl", "--sync")
    assert "Started web.service" in mkunit(clean, "logs", "web").stdout
    assert mkunit(clean, "logs", "-n", "web", "-o", "cat").stdout.endswith("Started web.service.\n")
    assert mkunit(clean, "logs", "web", "--grep", "nothing like it", "-q", check=False).stdout == ""
    entries = json.loads(mkunit(clean, "logs", "-b", "web", "--json").stdout)["entries"]
    assert {entry["UNIT"] for entry in entries} == {"web.service"}
    assert json.loads(mkunit(clean, "logs", "web", "-g", "never said", "--json").stdout) == {"entries": []}
    wrong = mkunit(clean, "logs", "web", "--since", "soon", "--json", check=False)
    assert (wrong.returncode, json.loads(wrong.stdout)[0]["code"]) == (5, "journal")
    endless = mkunit(clean, "logs", "-f", "web", "--json", check=False)
    assert (endless.returncode, "`-o json`" in endless.stderr) == (2, True)


@pytest.mark.parametrize("words", [["logs"], ["logs", "web", "-n", "few"], ["logs", "web", "--fast"]])
def test_logs_wrong(clean: Machine, words: list[str]) -> None:
    assert mkunit(clean, *words, check=False).returncode == 2


def test_logs_of_a_unit_that_is_gone(clean: Machine) -> None:
    """A name in full is asked for, whatever is installed; without its suffix that is said."""
    done = mkunit(clean, "logs", "gone-for-good", check=False)
    assert (done.returncode, "name it in full, such as `gone-for-good.service`" in done.stderr) == (3, True)
    assert mkunit(clean, "logs", "gone-for-good.service").returncode == 0


def test_logs_take_no_flags_from_names(clean: Machine) -> None:
    """A name cannot become a flag of journalctl's."""
    assert mkunit(clean, "logs", "--", "--vacuum-size=1.service", check=False).returncode == 3


def test_link(clean: Machine) -> None:
    """The file stays where it is, systemd knows it, and a second time nothing is done."""
    clean.write("/srv/units/web-two.service", SLEEP)
    done = mkunit(clean, "link", "--system", "/srv/units/web-two.service")
    assert done.stderr == f"linked {FOLDER}/web-two.service to /srv/units/web-two.service\n"
    assert clean.show("web-two.service", "LoadState") == {"LoadState": "loaded"}
    assert "unchanged" in mkunit(clean, "link", "--system", "/srv/units/web-two.service").stderr


def test_link_of_a_user(clean: Machine) -> None:
    clean.write("/srv/units/mine.service", SLEEP)
    mkunit(clean, "link", "/srv/units/mine.service", user="kim")
    assert clean.run("readlink", f"{OWN}/mine.service").stdout == "/srv/units/mine.service\n"
    assert mkunit(clean, "show", "mine", "--path", user="kim").stdout == f"{OWN}/mine.service\n"


@pytest.mark.parametrize("there", ["file", "link", "folder"])
def test_link_destroys_nothing(clean: Machine, there: str) -> None:
    """Whatever is in the way stays, and no other link is made."""
    clean.write("/srv/units/web-a.service", SLEEP)
    clean.write("/srv/units/web-b.service", SLEEP)
    place = f"{FOLDER}/web-b.service"
    clean.sh({"file": f"echo mine >{place}", "link": f"ln -s /dev/null {place}", "folder": f"mkdir {place}"}[there])
    before = clean.run("ls", "-lR", "--time-style=full-iso", FOLDER).stdout
    done = mkunit(clean, "link", "--system", "/srv/units/web-a.service", "/srv/units/web-b.service", check=False)
    assert done.returncode == 9
    assert clean.run("ls", "-lR", "--time-style=full-iso", FOLDER).stdout == before


def test_link_refuses(clean: Machine) -> None:
    """No file: 3. No unit's name: 2. What systemd would not load: 1. Somebody else's folder: 4."""
    clean.write("/srv/units/web.txt", SLEEP)
    clean.write("/srv/units/web-bad.service", "[Service]\nType=simple\n")
    clean.write("/srv/units/web-two.service", SLEEP)
    for name, code in (("none.service", 3), ("web.txt", 2), ("web-bad.service", 1)):
        assert mkunit(clean, "link", "--system", f"/srv/units/{name}", check=False).returncode == code
    assert mkunit(clean, "link", "--system", "/srv/units/web-two.service", user="kim", check=False).returncode == 4
    assert clean.run("ls", FOLDER).stdout.count("web-") == 0


def test_scopes(clean: Machine) -> None:
    """A unit of one's own is meant first, and the other is mentioned."""
    clean.sh(f"mkdir -p {OWN}; cp {FOLDER}/web.service {OWN}; chown -R kim: /home/kim/.config")
    done = mkunit(clean, "show", "web", "--path", user="kim")
    assert done.stdout == f"{OWN}/web.service\n"
    assert "--system" in done.stderr
    assert mkunit(clean, "show", "web", "--path", "--system", user="kim").stdout.startswith(FOLDER)


def test_run_needs_no_root(clean: Machine) -> None:
    """An ordinary user tries what is installed: the port is moved to where anybody may listen."""
    clean.write(f"{FOLDER}/web.socket", "[Socket]\nListenStream=80\nAccept=yes\n")
    clean.write(f"{FOLDER}/web@.service", "[Service]\nExecStart=/usr/bin/cat\nStandardInput=socket\nUser=root\n")
    talk = "import socket, time\nfor _ in range(100):\n try: s = socket.create_connection(('127.0.0.1', 8080), 5); break\n except OSError: time.sleep(0.1)\n"
    talk += "s.sendall(b'hello'); print(s.recv(9)); s.close()"
    clean.write("/tmp/talk.py", talk)
    script = f"{clean.python} -m mkunit run web 2>/tmp/kim.log & /usr/bin/python3 /tmp/talk.py; kill -TERM $!; wait $!"
    assert clean.sh(script, user="kim", cwd="/tmp").stdout == "b'hello'\n"
    assert "web.socket listens on 8080, instead of 80" in clean.read("/tmp/kim.log")
    assert clean.run("pgrep", "-u", "kim", "-f", "socket-activate", check=False).stdout == ""


def test_probe_names_the_unit(clean: Machine) -> None:
    """Behind a listening socket is systemd; behind a port of its own, the service."""
    clean.write(f"{FOLDER}/web.service", "[Service]\nExecStart=/usr/bin/python3 -m http.server 7005\n")
    clean.sh(
        "systemctl daemon-reload; systemctl restart web.service; until ss -ltn | grep -q :7005; do sleep 0.1; done"
    )
    assert " of web.service in " in mkunit(clean, "probe", "7005").stdout
    assert "systemd (pid 1)" in mkunit(clean, "probe", "/run/dbus/system_bus_socket").stdout
