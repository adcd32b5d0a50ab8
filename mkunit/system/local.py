"""This machine's systemd: where units lie, what is running, and the verbs of systemctl; no shell is ever involved."""

import os
import subprocess
from pathlib import Path

from attrs import frozen

from mkunit.errors import DeniedError, Diagnostic, SystemdError
from mkunit.model.name import parse
from mkunit.system import lock
from mkunit.system.person import Person

SYSTEMCTL = "systemctl"
TIMEOUT = 100.0  # seconds; a start job itself gives up after 90
_JOBS = 110.0  # for those of another user, whose systemd may be stopped, or none at all
_PATIENCE = 5.0  # for its answers


def denied(stderr: str) -> bool:
    """Whether systemctl failed for want of rights."""
    return any(
        words in stderr for words in ("Access denied", "Permission denied", "Interactive authentication required")
    )


def _listens(path: str) -> bool:
    """Whether somebody is behind a socket: a manager that has ended may have left its own."""
    import socket  # only where a machine is asked, and a user's systemd is meant

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as knock:
        try:
            knock.connect(path)
        except BlockingIOError:
            return True  # it has much to do
        except OSError:
            return False
    return True


@frozen
class Local:
    """One of this machine's managers: the system's, or that of the user who runs mkunit, or for root of another one.

    In `global` scope there is only the folder that all users' managers read.
    """

    scope: str
    user: Person | None = None  # whose it is, where that is not the one who runs mkunit

    @property
    def folder(self) -> Path:
        """The folder for the administrator's, or the user's, own units (systemd.unit(5))."""
        if self.scope == "system":
            return Path("/etc/systemd/system")
        if self.scope == "global":
            return Path("/etc/systemd/user")
        if self.user:
            return Path(self.user.home, ".config/systemd/user")
        config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        return Path(config) / "systemd/user"

    @property
    def runtime(self) -> str:
        """What `%t` stands for."""
        if self.user:
            return self.user.runtime
        return "/run" if self.scope != "user" else os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"

    def is_running(self) -> bool:
        """Whether there is a manager to talk to."""
        if self.scope != "user":
            return Path("/run/systemd/system").is_dir()
        return Path("/run/systemd/system").is_dir() and _listens(f"{self.runtime}/systemd/private")

    def run(
        self, program: str, *arguments: str, timeout: float | None = TIMEOUT, inherits: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """A program of systemd's, to its end; SystemdError where there is none."""
        scope = [] if self.scope == "system" else [f"--{self.scope}"]
        user = self.user
        timeout = _PATIENCE if user and timeout == TIMEOUT else timeout
        environment = {
            **(user.environment(os.environ) if user else os.environ),
            "XDG_RUNTIME_DIR": self.runtime,
            "SYSTEMD_COLORS": "0",
            "SYSTEMD_PAGER": "",
            "LC_ALL": "C.UTF-8",
        }
        if self.scope != "user":
            environment.pop("XDG_RUNTIME_DIR")
        for name in ("SYSTEMD_LOG_LEVEL", "SYSTEMD_UNIT_PATH"):
            environment.pop(name, None)
        try:
            return subprocess.run(
                [program, *scope, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                text=True, errors="replace", timeout=timeout, check=False,
                user=user.uid if user else None, group=user.gid if user else None,
                extra_groups=[user.gid] if user else None, cwd="/" if user else None, start_new_session=bool(user),
                pass_fds=inherits,
            )  # fmt: skip
        except FileNotFoundError:
            hint = "install systemd, or leave out `--install`: the unit file can be made anywhere"
            raise SystemdError(Diagnostic("no-systemd", f"there is no `{program}` on this machine", hint)) from None
        except subprocess.TimeoutExpired:
            message = f"`{program} {' '.join(arguments)}` does not end"
            raise SystemdError(Diagnostic("systemd-timeout", message, "look at `systemctl list-jobs`")) from None

    def do(self, verb: str, *units: str) -> None:
        """A verb of systemctl's; SystemdError or DeniedError with systemctl's own words where it fails."""
        # systemd itself knows how long a job may take; what answers for somebody else need not be systemd, and may not
        # hold a lock of root's.
        patience, held = (_JOBS, ()) if self.user else (None, lock.held())
        done = self.run(SYSTEMCTL, "--no-ask-password", verb, "--", *units, timeout=patience, inherits=held)
        if done.returncode:
            words = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
            what = " ".join(["systemctl", *(["--user"] if self.scope == "user" else []), verb, *units])
            kind = DeniedError if denied(done.stderr) else SystemdError
            raise kind(Diagnostic("systemd-refused", f"`{what}`: {words}"))

    def properties(self, unit: str, *names: str) -> dict[str, str]:
        """What systemd knows of a unit."""
        done = self.run(SYSTEMCTL, "show", "--property", ",".join(names), "--", unit)
        return dict(line.split("=", 1) for line in done.stdout.split("\n") if "=" in line)

    def search_path(self) -> list[Path]:
        """Every folder that units are read from, strongest first."""
        return [Path(line) for line in self.run("systemd-analyze", "unit-paths").stdout.split()]

    def find(self, unit: str) -> Path | None:
        """The file of a unit, or of the template that an instance of that name is made from."""
        names = [unit, *filter(None, [parse(unit).template])]
        folders = [self.folder, *self.search_path()]
        return next((folder / name for name in names for folder in folders if (folder / name).exists()), None)
