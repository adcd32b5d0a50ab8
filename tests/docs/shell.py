"""A person at a terminal of a throw-away machine: a shell of theirs, and one of root's for `sudo`."""

import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from typing import Self

from page import Command, Ended, before
from screen import shown

from mkunit.testing import inside
from mkunit.testing.machine import Machine

NAME = "ann"
FOLDER = f"/home/{NAME}/project"
SIZE = (40, 100)
QUIET = 0.15  # seconds without output, after which a program is taken to wait for an answer
ENOUGH = 5.0  # seconds without output, after which nothing more is expected of a program that is to be interrupted
PATIENCE = 30.0
# Where to run what comes through a pipe; how it ended goes to the terminal, so that it comes after the output.
_SHELL = r"""
exec {_feed}<&"$1"- {_end}>&1
set --
trap : INT
pytest() { python -m pytest "$@"; }
_read() { IFS= read -r -d '' "$1" <&"$_feed"; }
while _read _folder && _read _code && _read _command; do
    cd "$_folder"
    (exit "$_code")
    eval "$_command" {_feed}<&- {_end}>&-
    printf '\033]page;%s;%s\a' $? "$PWD" >&"$_end"
done
"""
_END = re.compile(r"\x1b\]page;(\d+);([^\x07]*)\x07")
_QUESTION = re.compile(r".*[:?\]>] ?$")
_PEOPLE = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.org"))
}
_ENVIRONMENT = {
    "TERM": "xterm-256color", "NO_COLOR": "1", "PAGER": "cat", "GIT_PAGER": "cat", "SYSTEMD_PAGER": "cat",
    "SYSTEMD_URLIFY": "0", **_PEOPLE,
}  # fmt: skip


class Terminal:
    """A terminal with a shell in it."""

    def __init__(self, machine: Machine, account: inside.Account, env: Mapping[str, str]) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        reading, self.feed = os.pipe()
        # Who runs the tests in the background has Ctrl-C ignored, which is inherited.
        alone = ("env", "--default-signal=INT,QUIT", "setsid", "--ctty", "--wait")
        argv = (*alone, "bash", "--noprofile", "--norc", "-c", _SHELL, "bash", str(reading))
        line = inside.command(argv, machine.pid, account, {**_ENVIRONMENT, **env}, "/")
        self.process = subprocess.Popen(
            line, stdin=slave, stdout=slave, stderr=slave, pass_fds=(reading,), start_new_session=True
        )
        os.close(slave)
        os.close(reading)

    def close(self) -> None:
        os.close(self.feed)
        os.close(self.master)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:  # somebody in the background has the terminal; the machine goes next
            self.process.kill()
            self.process.wait()

    def run(self, folder: str, code: int, command: Command) -> tuple[str, int, str]:
        """What stands on the terminal, the exit code, and in which folder it ends; before it, another ended with `code`."""
        termios.tcflush(self.master, termios.TCIOFLUSH)
        os.write(self.feed, f"{folder}\0{code}\0{command.text}\0".encode())
        written, left, last = "", list(command.printed), time.monotonic()
        deadline = last + PATIENCE
        while not (end := _END.search(written)):
            if select.select([self.master], [], [], QUIET)[0]:
                written, last = written + self._read(), time.monotonic()
            elif keys := _answer(shown(written), left, time.monotonic() - last > ENOUGH):
                os.write(self.master, keys.encode())
                time.sleep(0.05)
            elif time.monotonic() > deadline:
                raise TimeoutError(f"`{command.text}` does not end; so far it printed:\n{shown(written)}")
        return shown(written[: end.start()]), int(end[1]), end[2]

    def _read(self) -> str:
        data = os.read(self.master, 65536)
        while True:  # to the end of a character
            try:
                return data.decode()
            except UnicodeDecodeError as error:
                if len(data) - error.start > 3:
                    raise
                data += os.read(self.master, 1)


def _answer(seen: str, told: list[str], enough: bool) -> str:
    """What a person types now, by what the page says; of what is left to be said, that is then gone."""
    question = seen.rpartition("\n")[2].rstrip()
    if _QUESTION.match(question):
        for line in told:
            if line.startswith(question):
                told.remove(line)
                return line.removeprefix(question).strip() + "\n"
        return "\x04"  # no answer is an answer
    if "^C" in told and (enough or before(told, "^C").fullmatch(seen)):
        told.remove("^C")
        return "\x03"
    return ""


class Person:
    """Somebody with a home and a folder to work in, who may become root."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.folder, self.code = FOLDER, 0
        self.terminals: dict[str, Terminal] = {}

    def __enter__(self) -> Self:
        self.machine.add_user(NAME)
        # As on any machine that is up, but without all that its multi-user.target may want.
        self.machine.run("systemctl", "start", "--job-mode=ignore-dependencies", "multi-user.target")
        self.machine.run("usermod", "--append", "--groups", "systemd-journal", NAME)  # who may read what is logged
        self.machine.run("mkdir", FOLDER, user=NAME)
        return self

    def __exit__(self, *_: object) -> None:
        for terminal in self.terminals.values():
            terminal.close()

    def write(self, path: str, text: str) -> None:
        """A file of the page: root's where its path is absolute."""
        user = None if path.startswith("/") else NAME
        script = 'mkdir -p "$(dirname "$FILE")"; cat >"$FILE"'
        self.machine.sh(script, env={"FILE": path}, input=text, user=user, cwd=self.folder)

    def run(self, command: Command) -> Ended:
        """Run it where the last one ended."""
        words = command.text.removeprefix("sudo ")
        if words != command.text:
            lexer = shlex.shlex(words, posix=True, punctuation_chars=True)
            assert not {*"".join(lexer)} & {*";|&<()"}, f"sudo takes a plain command: {words}"
        terminal = self._terminal("root" if words != command.text else NAME)
        command = Command(words, command.printed)
        printed, self.code, self.folder = terminal.run(self.folder, self.code, command)
        return Ended(tuple(printed.removesuffix("\n").split("\n")) if printed else (), self.code)

    def _terminal(self, name: str) -> Terminal:
        if name not in self.terminals:
            person = inside.Account.find(NAME, self.machine.path("/etc/passwd").read_text(encoding="utf-8"))
            sudo = {"SUDO_USER": NAME, "SUDO_UID": str(person.uid), "SUDO_GID": str(person.gid)}
            account, env = (inside.ROOT, sudo) if name == "root" else (person, {})
            self.terminals[name] = Terminal(self.machine, account, env)
        return self.terminals[name]
