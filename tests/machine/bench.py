"""A project on a machine: its units files are written, planned and applied, and what came of it is asked."""

import json
from subprocess import CompletedProcess

from attrs import define

from mkunit.testing.machine import Machine

SERVE = """\
import os, socket, sys
import threading
def serve(listener):
    while True:
        talk, _ = listener.accept()
        threading.Thread(target=hold, args=(talk,)).start()
def hold(talk):
    with talk:
        while data := talk.recv(100):
            talk.sendall(sys.argv[1].encode() + b" " + data)
for fd in range(3, 3 + int(os.environ["LISTEN_FDS"])):
    threading.Thread(target=serve, args=(socket.socket(fileno=fd),)).start()
"""
# Connects every 10 ms until the file is gone, and counts what was refused.
KNOCK = """\
import os, socket, sys, time
made = refused = 0
open("/run/knocking", "w").close()
while os.path.exists("/run/knocking"):
    try:
        with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10) as talk:
            talk.sendall(b"x")
            assert talk.recv(100)
        made += 1
    except ConnectionRefusedError:
        refused += 1
    except (ConnectionResetError, AssertionError):
        pass
    time.sleep(0.01)
print(made, refused)
"""
FOLDER = "/etc/systemd/system"
HEAD = "from mkunit import *\nfrom mkunit import Path, Service\n"


def sleeping(name: str, more: str = "") -> str:
    """A service that does nothing, for long."""
    return f'Service("{name}", exec_start="/usr/bin/sleep 1000"{more})\n'


def quicken(machine: Machine) -> None:
    """A daemon-reload runs all generators, which takes ten times as long as all that is tried here."""
    machine.sh("for at in /usr/lib/systemd /lib/systemd; do mount -t tmpfs none $at/system-generators; done")


def prepare(machine: Machine) -> Machine:
    quicken(machine)
    machine.write("/opt/serve.py", SERVE)
    machine.write("/opt/knock.py", KNOCK)
    return machine


@define
class Project:
    """A folder of units files, and the machine that they are for."""

    machine: Machine
    name: str
    user: str | None = None

    @property
    def folder(self) -> str:
        return f"/home/{self.user}/{self.name}" if self.user else f"/srv/{self.name}"

    def write(self, text: str) -> None:
        self.machine.write(f"{self.folder}/units/all.py", f"{HEAD}{text}\n")

    def mkunit(self, *words: str, check: bool = True) -> CompletedProcess[str]:
        command = (self.machine.python, "-m", "mkunit", "-C", self.folder, *words)
        return self.machine.run(*command, check=check, user=self.user)

    def apply(self, text: str, *flags: str, code: int = 0) -> str:
        """Apply these units; the answer is what was said."""
        self.write(text)
        done = self.mkunit("apply", "--yes", "--settle", "0.3", *flags, check=False)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def plan(self, text: str, *flags: str) -> dict[str, tuple[str, str]]:
        """Each unit's action and reason."""
        self.write(text)
        rows = json.loads(self.mkunit("plan", "--json", *flags).stdout)["changes"]
        return {row["unit"]: (row["action"], row["reason"]) for row in rows}

    def show(self, unit: str, name: str) -> str:
        return self.machine.show(unit, name, user=self.user)[name]

    def invocation(self, unit: str) -> str:
        return self.show(unit, "InvocationID")

    def state(self, unit: str) -> str:
        return self.show(unit, "ActiveState")

    def start(self, *units: str) -> None:
        self.machine.run("systemctl", "start", *units)

    def listening(self) -> str:
        return self.machine.run("ss", "-ltnH").stdout

    def ask(self, port: int) -> str:
        code = f"import socket as s; c=s.create_connection(('127.0.0.1',{port}),10); c.sendall(b'x'); print(c.recv(99).decode())"
        return self.machine.run("/usr/bin/python3", "-c", code).stdout.strip()
