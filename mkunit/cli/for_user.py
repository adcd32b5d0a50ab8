"""`--for-user NAME`: root does for somebody else what they could do, with their rights and none of root's."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import DeniedError, Diagnostic, Origin, RefusedError, UsageError, near
from mkunit.system import errand, person, place
from mkunit.system.person import Person

FLAG = "--for-user"
# These read the folder that they are called in; all others only need its name.
_IN_PROJECT = ("plan", "apply", "history", "rollback", "confirm")


def run(command: Callable[[Namespace, Ui], int], given: Namespace, ui: Ui, argv: Sequence[str]) -> int:
    """The command itself, if it is that user who runs it; else all of it again, as that user."""
    who = _wanted(given)
    if os.getuid() == os.geteuid() == who.uid:
        given.scope, given.system = "user", False
        if who.uid == 0 and "SUDO_USER" in os.environ:
            os.environ["SUDO_USER"] = who.name  # root's own systemd is what was asked for
        return command(given, ui)
    if os.geteuid() != 0:
        hint = f"run it with sudo, or let `{who.name}` do it"
        raise DeniedError(Diagnostic("permission", f"`{FLAG} {who.name}` is for root", hint))
    where = _where(who, given)
    # As sudo has it: history tells who did it, and the user's own words would be the wrong ones.
    environment = {**who.environment(os.environ), "SUDO_USER": place.who()}
    return errand.run(who, [sys.executable, "-P", "-m", "mkunit", *argv], where, environment)


def _wanted(given: Namespace) -> Person:
    if getattr(given, "root", ""):
        hint = "leave out one of them: an image has its users' units in /etc/systemd/user, for all of them"
        raise UsageError(Diagnostic("usage", f"`{FLAG}` and `--root` do not go together", hint))
    if found := person.find(given.for_user):
        return found
    meant = near(given.for_user, person.names())
    hint = f"did you mean `{meant}`?" if meant else "`getent passwd` shows who there is"
    raise UsageError(Diagnostic("unknown-user", f"there is no user `{given.for_user}`", hint))


def _where(who: Person, given: Namespace) -> str:
    """The folder that the user is to work in; an error where it is not theirs to read, or nothing can be kept."""
    if wrong := person.not_at_home(who):
        hint = "units of a user lie in the user's home: give them one, or use `--global` for all users"
        raise RefusedError(Diagnostic("no-home", wrong, hint, Origin(who.home)))
    _can_run(who)
    project, here = folder(given), Path.cwd()
    units = project / "units"
    if closed := person.closed(who, [project, units] if units.is_dir() else [project]):
        if given.command in _IN_PROJECT:
            hint = f"put the project where `{who.name}` may read it: the units files are run with these rights alone"
            raise DeniedError(Diagnostic("unreadable", f"`{who.name}` may not read it", hint, Origin(closed[0])))
        return "/"
    return "/" if person.closed(who, [here]) else str(here)


def _can_run(who: Person) -> None:
    """mkunit must be readable for the user, too."""
    package = Path(__file__).parent.parent
    needed: list[str | Path] = [sys.executable, package, Path(attrs.__file__).parent, Path(os.__file__).parent]
    if closed := person.closed(who, needed):
        hint = "install mkunit where everybody can read it, such as /opt"
        message = f"`{who.name}` may not read it, and mkunit is there, or what it needs"
        raise DeniedError(Diagnostic("unreadable", message, hint, Origin(closed[0])))
