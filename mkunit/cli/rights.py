"""Whose rights and whose systemd are meant: root only looks as the owner, `sudo` in user scope is asked about."""

import errno
import os
import pwd
import sys
from contextlib import suppress
from pathlib import Path

from mkunit.cli.ui import Ui
from mkunit.errors import DeniedError, Diagnostic, Origin, Severity, UsageError
from mkunit.system import person
from mkunit.system.person import Person

_LINGER = Path("/var/lib/systemd/linger")


def lower(place: Path, ui: Ui) -> None:
    """Units files are code: root who only looks at somebody else's runs them with that person's rights, to the end."""
    if os.geteuid() != 0 or not place.exists() or (owner := place.stat()).st_uid == 0:
        return
    # In a container the owner need not have an account.
    who = person.find(str(owner.st_uid)) or Person(str(owner.st_uid), owner.st_uid, owner.st_gid, "/")
    try:
        _become(who)
    except OSError as error:
        _kept(place, error.strerror or str(error), ui)
        return
    if ui.verbose:
        ui.say(f"looking with the rights of `{who.name}`, whose units files these are")


def _become(who: Person) -> None:
    """For good, or not at all: mkunit's own modules must stay readable, since most are loaded when they are needed."""
    if closed := person.closed(who, [__file__, *filter(os.path.exists, sys.path)]):
        raise PermissionError(errno.EACCES, f"`{who.name}` cannot read {closed[0]}, where mkunit is or what it needs")
    os.setgroups(who.groups)
    os.setgid(who.gid)
    os.setuid(who.uid)
    environment = who.environment(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    _leave_terminal()


def _leave_terminal() -> None:
    """Whoever has root's terminal as their own can type into it, and what is typed there is root's (ioctl_tty(2))."""
    if os.getsid(0) == os.getpid():
        return  # it ends with this process
    import fcntl  # rarely needed
    import termios

    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        fcntl.ioctl(terminal, termios.TIOCNOTTY)
        os.close(terminal)


def _kept(place: Path, reason: str, ui: Ui) -> None:
    hint = "run this as the owner, not as root"
    message = "these units files belong to somebody else, and are run as root"
    origin = Origin(str(place))
    ui.diagnostics([Diagnostic("run-as-root", f"{message}: {reason}", hint, origin, Severity.WARNING)])


def for_root(scope: str) -> None:
    """DeniedError where an ordinary user means all users of this machine."""
    if scope == "global" and os.geteuid() != 0:
        hint = "run it with sudo, or leave it out for your own"
        raise DeniedError(Diagnostic("permission", "`--global` is for root: it is about all users", hint))


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
    name = _name()
    if scope != "user" or (_LINGER / name).exists():
        return
    is_other = os.environ.get("SUDO_USER", name) != name
    who, s, whom = (f"`{name}`", "s", f" {name}") if is_other else ("you", "", "")
    when = f"it starts when {who} log{s} in, and stops when {who} log{s} out"
    ui.say(f"{when}; `loginctl enable-linger{whom}` starts it at boot")


def _name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
