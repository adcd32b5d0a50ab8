"""Whose systemd is meant: `sudo` in user scope is asked about, and lingering is mentioned where it matters."""

import os
import pwd
from pathlib import Path

from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, UsageError

_LINGER = Path("/var/lib/systemd/linger")


def own_systemd(scope: str, ui: Ui) -> None:
    """Under sudo the user scope is root's own, which is hardly ever meant: ask, or refuse where nobody answers."""
    person = os.environ.get("SUDO_USER")
    if scope != "user" or os.geteuid() != 0 or not person or person == "root":
        return
    message = f"with sudo, user scope is that of root, and neither the system's nor that of `{person}`"
    hint = f"add `--system` for the system, or leave out `sudo` for `{person}`"
    if ui.interactive:
        ui.say(f"{message}; {hint}")
        if ui.confirm("Do it for root's own systemd?"):
            return
        raise KeyboardInterrupt
    raise UsageError(Diagnostic("sudo-user-scope", message, hint))


def mention_linger(scope: str, ui: Ui) -> None:
    """A user's units start at login and stop at logout, unless the user lingers."""
    if scope == "user" and not (_LINGER / _name()).exists():
        ui.say("it starts when you log in, and stops when you log out; `loginctl enable-linger` starts it at boot")


def _name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
