"""Who there is on this machine: users, groups and their members, as the machine's name service has them (getent)."""

import grp
import os
import pwd
import stat
from collections.abc import Sequence

from attrs import frozen

from mkunit.model.facts import Node
from mkunit.system.local import Local


@frozen
class LocalAccounts:
    """The accounts as they are to one manager of this machine."""

    machine: Local

    @property
    def runtime(self) -> str:
        return self.machine.runtime

    @property
    def owner(self) -> str:
        return "root" if self.machine.scope == "system" else _user(os.getuid())

    @property
    def group(self) -> str:
        return "root" if self.machine.scope == "system" else _group(os.getgid())

    def has_user(self, name: str) -> bool:
        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def members(self, group: str) -> Sequence[str] | None:
        try:
            found = grp.getgrnam(group)
        except KeyError:
            return None
        primary = (entry.pw_name for entry in pwd.getpwall() if entry.pw_gid == found.gr_gid)
        return sorted({*found.gr_mem, *primary})

    def folder(self, path: str) -> Node | None:
        try:
            found = os.stat(path)  # noqa: PTH116  the path is text
        except OSError:
            return None
        return Node(stat.S_IMODE(found.st_mode), _user(found.st_uid), _group(found.st_gid))


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
