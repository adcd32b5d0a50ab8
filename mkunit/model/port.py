"""What the stages want of a machine and of its records, as Protocols: whoever has these methods will do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from mkunit.errors import Diagnostic
from mkunit.model.facts import Node
from mkunit.model.plan import Found, Generation, Journal, Op, Pending, State


class System(Protocol):
    """One manager of a machine, and the folder that its units lie in."""

    @property
    def scope(self) -> str:
        """Whose manager it is: `system` or `user`."""

    @property
    def folder(self) -> str:
        """The unit folder that is ours to write in."""

    def is_running(self) -> bool:
        """Whether there is a manager to talk to."""

    def look(self, paths: Iterable[str]) -> dict[str, Found]:
        """What is at paths of the unit folder."""

    def units(self, names: Iterable[str] | None = None) -> dict[str, State]:
        """What is loaded, or those of some names that are."""

    def details(self, unit: str) -> dict[str, str]:
        """All that systemd says of one unit."""

    def shown(self, units: Sequence[str], properties: Sequence[str]) -> dict[str, dict[str, str]]:
        """Some of what systemd says of some units, in one call; those that it does not know are loaded for it."""

    def complaints(self, since: float, paths: Iterable[str]) -> list[Diagnostic]:
        """What systemd said since then about lines of files of ours."""

    def log(self, unit: str, invocation: str, lines: int) -> list[str]:
        """The last lines that a unit has written."""

    def now(self) -> float:
        """The time of day, in seconds since 1970."""

    def monotonic(self) -> float:
        """A clock that nobody sets."""

    def boot(self) -> str:
        """Which boot of the machine this is: that clock starts anew with each."""

    def started(self, names: Iterable[str]) -> dict[str, float]:
        """When units were started last, by that clock; 0 for those that never were."""

    # The verbs, which only the runner calls.

    def replace(self, files: Sequence[Op], links: Sequence[Op]) -> None:
        """Bring files and links to what they are to be: staged first, then renamed; SystemdError or OSError."""

    def do(self, verb: str, units: Sequence[str] = ()) -> None:
        """One call of systemctl; SystemdError in its own words where it fails."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""

    def probe(self, words: Sequence[str]) -> str | None:
        """Ask a service whether it is well: None, or what is wrong."""


class Store(Protocol):
    """What is remembered of a project in one scope: its generations, and the apply that is under way."""

    def current(self) -> Generation:
        """What is on record as applied; an empty generation 0 where nothing ever was."""

    def generation(self, number: int) -> Generation | None:
        """An older one, None where it was pruned or never was."""

    def history(self) -> list[Generation]:
        """All that are kept, oldest first."""

    def pending(self) -> Mapping[str, Pending]:
        """Restarts that were put off."""

    def journal(self) -> tuple[Journal, str] | None:
        """The apply that is under way, and its phase."""

    # The verbs, which only the runner calls.

    def begin(self, journal: Journal) -> None:
        """Remember a plan before it is followed."""

    def phase(self, journal: Journal, name: str) -> None:
        """Remember how far it is."""

    def commit(self, journal: Journal) -> None:
        """It is done: its generation is the current one, and the journal is gone."""

    def forget(self) -> None:
        """Drop the journal: nothing was touched, or all was taken back."""


class Accounts(Protocol):
    """Who may do what on a machine, and whose manager a unit is for."""

    @property
    def runtime(self) -> str:
        """What `%t` stands for."""

    @property
    def owner(self) -> str:
        """The user whom the manager runs as."""

    @property
    def group(self) -> str:
        """That user's group."""

    def has_user(self, name: str) -> bool:
        """Whether there is such a user."""

    def members(self, group: str) -> Sequence[str] | None:
        """The users of a group, None where there is no such group."""

    def folder(self, path: str) -> Node | None:
        """A folder, None where it is not there."""
