"""What is so on one machine, as data for the rules that ask about it."""

from collections.abc import Mapping
from typing import NamedTuple


class File(NamedTuple):
    """A path as it was found; `interpreter` is what a script's first line names, with its line end."""

    is_there: bool
    is_folder: bool = False
    is_executable: bool = False
    is_binary: bool = False
    interpreter: str | None = None


class Facts(NamedTuple):
    """Accounts, files, listening ports and installed units of a machine."""

    users: frozenset[str]
    groups: frozenset[str]
    files: Mapping[str, File]
    ports: frozenset[tuple[str, int]]  # `tcp` or `udp`, and a port that a process other than systemd listens on
    units: Mapping[str, frozenset[str]]  # the names of the installed unit files, by scope
    vendors: Mapping[str, Mapping[str, str]]  # those that packages bring, with their paths, by scope
    lowest_port: int = 1024
    lingers: bool = True  # whether the user's systemd runs without a login


class Node(NamedTuple):
    """Something in the file system: its mode, and whose it is."""

    mode: int
    user: str
    group: str
