"""`mkunit run`: a socket and its service, tried as one is; it ends with all that it has started."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from sandbox import Project
from terminal import MKUNIT, environment

SERVER = """\
import json, os, socket, sys
names = ("LISTEN_FDS", "LISTEN_FDNAMES", "GREETING", "PORT", "STATE_DIRECTORY", "FROM_FILE", "HOME_IS")
told = json.dumps([{name: os.environ.get(name) for name in names}, sys.argv[1:], os.getcwd()]).encode()
for fd in range(3, 3 + int(os.environ["LISTEN_FDS"])):
    listener = socket.socket(fileno=fd)
    listener.settimeout(2)
    try:
        talk, _ = listener.accept()
    except TimeoutError:
        continue
    talk.sendall(told)
    talk.close()
import time
time.sleep(1000)
"""
UNITS = """\
from mkunit import Service, Socket, cmd, raw, unix

Service(
    "web",
    exec_start=cmd("/usr/bin/env", "python3", {server!r}, "100% of $x", raw("%t/x"), raw("$WORDS"), raw("${{PORT}}!"), raw("%n")),
    environment={{"GREETING": "hello world", "PORT": 80, "WORDS": "a b", "HOME_IS": raw("%h")}},
    environment_file=["-/none", {file!r}],
    state_directory="web",
    working_directory="/usr",
    user="nobody",
    hardening="strict",
)
Socket("web", listen=[{listen}], file_descriptor_name="http")
Socket("each", listen=["127.0.0.1:{port}"], accept=True)
Service("each@", exec_start="/usr/bin/cat", standard_input="socket")
Socket("mixed", listen_stream=8080, listen_datagram=53)
Service("mixed", exec_start="/bin/true")
Socket("orphan", listen=[1])
Socket("only", listen_fifo="/run/x")
Service("only", exec_start="/bin/true")
Service("alone", exec_start="/bin/true")
"""


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def units(project: Project) -> Project:
    server, file = project.write("server.py", SERVER), project.write("env", "# of the service\nFROM_FILE='yes it is'\n")
    text = UNITS.format(server=str(server), file=str(file), port=free(), listen='unix("/run/web/web.sock")')
    project.write("units/web.py", text)
    return project


@contextmanager
def running(project: Project, *words: str) -> Iterator[tuple["subprocess.Popen[str]", IO[str]]]:
    """mkunit run, until the block ends."""
    process = subprocess.Popen(
        [*MKUNIT, "run", *words], cwd=project.root, env=environment(), stderr=subprocess.PIPE, text=True,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stderr
    with process:
        try:
            yield process, process.stderr
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(stream: IO[str], pattern: str) -> "re.Match[str]":
    """The line that matches."""
    seen = []
    for line in stream:
        seen.append(line)
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"{pattern!r} is not in\n{''.join(seen)}")


def connect(address: "str | tuple[str, int]") -> socket.socket:
    """A connection, as soon as somebody listens."""
    end = time.monotonic() + 20
    while True:
        talk = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        talk.settimeout(20)
        try:
            talk.connect(address)
        except OSError:
            talk.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return talk


def children(folder: str) -> list[str]:
    """The processes that know of a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if folder.encode() in place.read_bytes():
                found.append(place.parent.name)
    return found


def test_help(project: Project) -> None:
    assert "examples:\n  mkunit run web\n" in project.run("run", "--help").out


def test_service_gets_what_the_unit_says(units: Project) -> None:
    """Descriptors by name, variables, arguments and folders; Ctrl-C ends everything and leaves nothing."""
    with running(units, "web") as (process, stderr):
        path = until(stderr, r"web\.socket listens on (\S+), instead of /run/web/web\.sock")[1]
        until(stderr, "it runs as you, without User=, NoNewPrivileges=")
        with connect(path) as talk:
            told, arguments, folder = json.loads(talk.makefile().read())
        place = path.removesuffix("/run/web/web.sock")
        assert told == {
            "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http", "GREETING": "hello world", "PORT": "80",
            "STATE_DIRECTORY": f"{place}/state/web", "FROM_FILE": "yes it is", "HOME_IS": str(Path.home()),
        }  # fmt: skip
        assert arguments == ["100% of $x", f"{place}/run/x", "a", "b", "80!", "web.service"]
        assert folder == "/usr"
        assert children(place)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert children(place) == []
        assert not Path(place).exists()


def test_an_instance_for_each_connection(units: Project) -> None:
    """`Accept=yes` with standard input: two at once."""
    with running(units, "each@.service") as (process, stderr):
        port = int(until(stderr, r"each\.socket listens on 127\.0\.0\.1:(\d+)")[1])
        with connect(("127.0.0.1", port)) as one, connect(("127.0.0.1", port)) as two:
            for talk in (two, one):
                talk.sendall(b"hello")
                assert talk.recv(10) == b"hello"
        process.terminate()
        assert process.wait(20) == 0


def test_dry_run(units: Project) -> None:
    """What would be run, as a line for a shell or as data; privileged ports are moved."""
    (units.root / "units/web.py").write_text(
        (units.root / "units/web.py").read_text().replace('unix("/run/web/web.sock")', "80")
    )
    ended = units.run("run", "web", "--dry-run")
    assert ended.code == 0
    assert "instead of 80\n" in ended.err
    assert ended.out.startswith("systemd-socket-activate --fdname=http --listen=")
    found = json.loads(units.run("run", "web", "--dry-run", "--json").out)
    assert found["addresses"][0]["unit"] == "80"
    assert int(found["addresses"][0]["here"]) >= 1024


def test_kinds(units: Project) -> None:
    """Only one kind of socket at a time: the others are named."""
    ended = units.run("run", "mixed", "--dry-run")
    assert ended.code == 0
    assert "left out: ListenDatagram=53" in ended.err


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("orphan", 3, "`orphan.socket` starts `orphan.service`, which there is not"),
        ("only", 2, "has no address that systemd-socket-activate could listen on"),
        ("alone", 2, "no socket starts `alone`"),
    ],
)
def test_cannot_be_tried(units: Project, name: str, code: int, message: str) -> None:
    ended = units.run("run", name)
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err


def test_service_that_fails(project: Project) -> None:
    """The exit code of the service is told, and is a failure."""
    port = free()
    text = f'from mkunit import Service, Socket\nSocket("a", listen=["127.0.0.1:{port}"])\nService("a", exec_start="/bin/false")\n'
    project.write("units/a.py", text)
    with running(project, "a") as (process, stderr):
        until(stderr, "listens on")
        connect(("127.0.0.1", port)).close()
        until(stderr, r"a\.service ended with 1")
        assert process.wait(20) == 1


def test_ctrl_c_on_a_terminal(units: Project) -> None:
    """No traceback, and the temporary place is gone."""
    seen = units.terminal("run", "web", answers=[("Listening on", "\x03")])
    assert (seen.code, "Traceback" in seen.text) == (0, False)
    assert seen.text.endswith("ended\n")
    place = re.search(r"(/\S+)/run/web/web\.sock", seen.text)
    assert place
    assert not Path(place[1]).exists()
