"""Somebody else on this machine: who that is, what they may read, and what a login of theirs sets."""

import os
import pwd
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

# What a process keeps of the environment of the one who starts it for somebody else; all else may be secret.
_KEPT = (
    "PATH", "TERM", "COLORTERM", "LANG", "LANGUAGE", "TZ", "NO_COLOR", "CI", "COLUMNS", "LINES", "EDITOR", "VISUAL",
    "PAGER", "PYTHONPATH",
)  # fmt: skip


class Person(NamedTuple):
    """A user, as the system knows them."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str = "/bin/sh"

    @property
    def runtime(self) -> str:
        """Their `$XDG_RUNTIME_DIR`, whether it is there or not."""
        return f"/run/user/{self.uid}"

    @property
    def groups(self) -> list[int]:
        return os.getgrouplist(self.name, self.gid)

    def environment(self, own: Mapping[str, str]) -> dict[str, str]:
        """What a login sets, and what is not private of another environment."""
        kept = {name: value for name, value in own.items() if name in _KEPT or name.startswith("LC_")}
        login = {"HOME": self.home, "USER": self.name, "LOGNAME": self.name, "SHELL": self.shell}
        return {**kept, **login, "XDG_RUNTIME_DIR": self.runtime}


def find(name: str) -> Person | None:
    """A user by name or by number; None where there is none."""
    try:
        found = pwd.getpwuid(int(name)) if name.isascii() and name.isdecimal() else pwd.getpwnam(name)
    except (KeyError, ValueError, OverflowError):
        return None
    return Person(found.pw_name, found.pw_uid, found.pw_gid, found.pw_dir, found.pw_shell)


def names() -> list[str]:
    """All users that can be listed."""
    return [found.pw_name for found in pwd.getpwall()]


def not_at_home(person: Person) -> str | None:
    """Why nothing is to be written into somebody's home; None where all is well."""
    try:
        found = Path(person.home).stat()
    except OSError as error:
        return f"the home of `{person.name}` is not to be had: {error.strerror}"
    if not Path(person.home).is_dir():
        return f"the home of `{person.name}` is no folder"
    return None if found.st_uid == person.uid else f"the home of `{person.name}` is somebody else's"


def closed(person: Person, paths: Iterable[str | Path]) -> list[str]:
    """The folders and files that somebody may not read; only root can find that out."""
    groups, group = os.getgroups(), os.getegid()
    os.setgroups(person.groups)
    os.setegid(person.gid)
    os.seteuid(person.uid)
    try:
        return [str(path) for path in paths if not _may_read(path)]
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def _may_read(path: str | Path) -> bool:
    mode = os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK  # noqa: PTH112  it does not raise
    return os.access(path, mode, effective_ids=True)
