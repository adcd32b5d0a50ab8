"""The five examples of the manual, word for word: installed, started, and talked to over their sockets."""

import shlex
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest
from attrs import frozen

from mkunit.testing.machine import Machine

ECHO = """\
import os, socket, threading

def serve(listener):
    while True:
        talk, _ = listener.accept()
        talk.sendall(b"echo " + talk.recv(100))
        talk.close()

for fd in range(3, 3 + int(os.environ["LISTEN_FDS"])):
    threading.Thread(target=serve, args=(socket.socket(fileno=fd),)).start()
"""
TALK = """\
import socket, sys
address = sys.argv[1]
host, _, port = address.rpartition(":")
talk = socket.socket(socket.AF_INET if port.isdigit() else socket.AF_UNIX)
talk.settimeout(10)
talk.connect((host or "127.0.0.1", int(port)) if port.isdigit() else address)
talk.sendall(b"hello\\n")
talk.shutdown(socket.SHUT_WR)
print(talk.recv(100).decode(), end="")
"""
PLAIN = "[Service]\nExecStart=/usr/bin/python3 /opt/echo.py\n"
TEMPLATE = '[Service]\nExecStart=/usr/bin/sed "s/^/echo /"\nStandardInput=socket\nStandardError=journal\n'


@frozen
class Example:
    """A command of the manual, and where its socket answers."""

    command: str
    addresses: tuple[str, ...]
    is_for_users: bool = True

    @property
    def name(self) -> str:
        return self.command.split()[2]


EXAMPLES = (
    Example("mkunit socket myapp --listen-stream 8080 --install --start", ("8080",)),
    Example(
        "mkunit socket myapp --listen-unix /run/myapp/myapp.sock --socket-mode 0660 --socket-group myapp --install --start",
        ("/run/myapp/myapp.sock",),
        is_for_users=False,
    ),
    Example(
        "mkunit socket ssh-proxy --listen-stream 2222 --accept --max-connections 100 --unit ssh-proxy@.service --install",
        ("2222",),
    ),
    Example(
        "mkunit socket multi-listener --listen-stream 8080 --listen-stream 8443 --listen-unix /run/myapp.sock --install",
        ("8080", "8443", "/run/myapp.sock"),
        is_for_users=False,
    ),
    Example("mkunit socket internal-api --listen-stream 127.0.0.1:9000 --install --start", ("127.0.0.1:9000",)),
)
NAMES = [f"{n}-{example.name}" for n, example in enumerate(EXAMPLES, 1)]


@frozen
class Scope:
    """A manager to install into, and whoever does it."""

    machine: Machine
    flags: tuple[str, ...]
    user: str | None
    folder: str

    def mkunit(self, words: str, *more: str, check: bool = True) -> CompletedProcess[str]:
        command = [self.machine.python, "-m", *shlex.split(words), *more]
        return self.machine.run(*command, user=self.user, check=check, cwd="/tmp")

    def systemctl(self, *words: str, check: bool = True) -> str:
        scope = () if self.flags else ("--user",)
        runtime = {} if self.user else {"XDG_RUNTIME_DIR": "/run/user/0"}
        return self.machine.run("systemctl", *scope, *words, user=self.user, env=runtime, check=check).stdout

    def install_services(self) -> None:
        for name in {example.name for example in EXAMPLES}:
            file, text = (f"{name}@.service", TEMPLATE) if name == "ssh-proxy" else (f"{name}.service", PLAIN)
            self.machine.write(f"{self.folder}/{file}", text)
        self.systemctl("daemon-reload")

    def talk(self, address: str) -> str:
        return self.machine.run("/usr/bin/python3", "/opt/talk.py", address, user=self.user).stdout


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    machine.write("/opt/echo.py", ECHO)
    machine.write("/opt/talk.py", TALK)
    machine.run("groupadd", "--system", "myapp")
    machine.add_user("kim")
    machine.run("systemctl", "start", "user@0.service")
    return machine


@pytest.fixture(scope="module", params=["system", "root", "kim"])
def scope(prepared: Machine, request: pytest.FixtureRequest) -> Scope:
    """The system's manager, root's own, and that of an ordinary user."""
    found = {
        "system": Scope(prepared, ("--system",), None, "/etc/systemd/system"),
        "root": Scope(prepared, (), None, "/root/.config/systemd/user"),
        "kim": Scope(prepared, (), "kim", "/home/kim/.config/systemd/user"),
    }[request.param]
    if request.param == "kim":
        prepared.run("install", "-d", "-o", "kim", "-g", "kim", "/home/kim/.config/systemd/user")
    found.install_services()
    return found


@pytest.fixture(params=EXAMPLES, ids=NAMES)
def example(scope: Scope, request: pytest.FixtureRequest) -> Iterator[Example]:
    """An example, whose socket is gone afterwards."""
    yield request.param
    name = request.param.name
    service = f"{name}@*.service" if name == "ssh-proxy" else f"{name}.service"
    scope.systemctl("stop", f"{name}.socket", service, check=False)
    scope.machine.run("rm", "-rf", f"{scope.folder}/{name}.socket", *request.param.addresses)
    scope.systemctl("daemon-reload")


def test_example_works_or_says_why_not(scope: Scope, example: Example) -> None:
    """Each socket answers once it is started; what an ordinary user's manager cannot do is refused beforehand."""
    done = scope.mkunit(example.command, *scope.flags, check=False)
    if scope.user and not example.is_for_users:
        assert done.returncode == 4
        assert "--system" in done.stderr
        assert "%t/" in done.stderr
        assert not scope.machine.path(f"{scope.folder}/{example.name}.socket").exists()
        return
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    socket = f"{example.name}.socket"
    if "--start" not in example.command:
        assert scope.systemctl("is-active", socket, check=False) == "inactive\n"
        scope.systemctl("start", socket)
    assert scope.systemctl("is-active", socket) == "active\n"
    for address in example.addresses:
        assert scope.talk(address) == "echo hello\n"
    assert scope.machine.journal_config([f"{scope.folder}/{socket}"]) == []


def test_file_is_what_a_dry_run_prints(scope: Scope, example: Example) -> None:
    """`--dry-run` prints the file that the same command without it installs."""
    if scope.user and not example.is_for_users:
        assert scope.mkunit(example.command, *scope.flags, "--dry-run").stdout.startswith("# Generated by mkunit\n")
        return
    shown = scope.mkunit(example.command, *scope.flags, "--dry-run").stdout
    scope.mkunit(example.command, *scope.flags)
    assert scope.machine.read(f"{scope.folder}/{example.name}.socket") == shown
