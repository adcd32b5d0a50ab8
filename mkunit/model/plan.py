"""What an apply is made of: the files that are wanted, what is there, and the plan that leads from one to the other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from attrs import Factory, evolve, field, frozen

from mkunit.errors import Diagnostic
from mkunit.model.unit import MASK

Words = tuple[tuple[str, object], ...]


@frozen
class Policy:
    """What is to become of a unit when it changes; the unit file has no word of it."""

    on_change: str = ""  # restart, which a unit that is protected wants to be said; or reload, keep, stop-start
    restart_on: tuple[str, ...] = ()  # files whose change restarts it
    reload_on: tuple[str, ...] = ()
    ensure: str = ""  # "running": started even where the administrator has stopped it
    probe: tuple[str, ...] = ()  # ("tcp", host, port), ("http", address) or ("command", program, …)
    rolling: int = 0  # so many instances of a template at a time
    on_remove: str = ""  # stop, which is meant where nothing is said too; or keep

    @classmethod
    def of(cls, words: Words) -> "Policy":
        """From the words that a unit carries."""
        return evolve(USUAL, **dict(words)) if words else USUAL  # type: ignore[arg-type]  # the builders have checked them


USUAL = Policy()


@frozen
class Piece:
    """A file of ours in a unit folder, its path relative to that, and the links that enable its unit."""

    path: str
    unit: str
    text: str
    source: str | None = None
    words: Words = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def is_dropin(self) -> bool:
        return self.path != self.unit

    @property
    def is_mask(self) -> bool:
        """Whether it is a link to /dev/null instead of a file."""
        return self.text == MASK

    @property
    def policy(self) -> Policy:
        return Policy.of(self.words)


@frozen
class Generation:
    """All that a project owns in one scope, with what there is to say about how it came."""

    number: int = 0
    pieces: tuple[Piece, ...] = ()
    stamps: Mapping[str, str] = Factory(dict)  # digests of the files in restart_on and reload_on
    saved: Mapping[str, str] = Factory(dict)  # what other people's files held before they became ours
    when: float = 0.0
    who: str = ""
    commit: str = ""
    what: str = ""  # the command, in words

    @property
    def by_path(self) -> dict[str, Piece]:
        return {piece.path: piece for piece in self.pieces}

    @property
    def links(self) -> dict[str, str]:
        """The links of all pieces, by path."""
        return {path: target for piece in self.pieces for path, target in piece.links}

    def same(self, other: "Generation") -> bool:
        """Whether both hold the same, however they came."""
        return (self.pieces, self.stamps) == (other.pieces, other.stamps)


class Found(NamedTuple):
    """What is at a path: `absent`, `file`, `link` or `other`, with the text of a file or the target of a link."""

    kind: str = "absent"
    text: str | None = None


class State(NamedTuple):
    """What systemd knows of a unit; a unit that is not loaded is inactive."""

    load: str = ""
    active: str = "inactive"
    sub: str = "dead"
    job: str = ""
    invocation: str = ""

    @property
    def is_up(self) -> bool:
        return self.active in ("active", "reloading", "activating", "refreshing")


IDLE = State()


class Pending(NamedTuple):
    """A restart that was put off: while the invocation is still this one, the unit runs what it was started with."""

    invocation: str
    reason: str


@frozen
class Snapshot:
    """A scope as it is now: what is on disk at the paths that matter, what is loaded, and what we own."""

    scope: str
    folder: str
    is_running: bool = False  # a manager is there to talk to
    found: Mapping[str, Found] = Factory(dict)
    units: Mapping[str, State] = Factory(dict)
    owned: Generation = field(default=Generation())
    pending: Mapping[str, Pending] = Factory(dict)
    hosts: frozenset[str] = frozenset()  # the units that mkunit itself runs in, or was started in
    claims: Mapping[str, str] = Factory(dict)  # paths of other projects
    unsafe: Mapping[str, str] = Factory(dict)  # folders that another user may write, and why
    shadows: Mapping[str, str] = Factory(dict)  # paths that a stronger folder hides
    ground: tuple[str, ...] = ()  # folders of mkunit's own: what they are mounted from is never restarted
    ends: frozenset[str] = frozenset()  # units that would take the hosts along, where mkunit cannot leave them

    def state(self, unit: str) -> State:
        return self.units.get(unit, IDLE)

    def at(self, path: str) -> Found:
        return self.found.get(path, Found())


@frozen
class Op:
    """What becomes of one path, a file's text or a link's target; None where there is nothing."""

    path: str
    before: str | None
    after: str | None

    @property
    def is_text(self) -> bool:
        """Whether there is a file with lines afterwards."""
        return self.after is not None and self.after != MASK


@frozen
class Step:
    """One call of systemctl, or `write` for all files and links, or `settle` to wait for the health of some units.

    `take-back` stands in no plan: who listens hears it before the steps that undo what has failed.
    """

    verb: str
    units: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.verb, *self.units))


class Meant(NamedTuple):
    """A line of ours that is to hold, and what of systemd's tells whether it does."""

    directive: str
    property: str
    how: str  # in which their texts are compared
    value: str


@frozen
class Change:
    """What becomes of a unit, and why; `path` is the file, where one changes."""

    unit: str
    scope: str
    path: str
    change: str  # new, changed, removed, unchanged
    before: str | None
    after: str | None
    action: str
    reason: str
    drops: bool | None = None  # whether connections are dropped; None where there are none to drop


@frozen
class Plan:
    """What an apply does; nothing of it is decided later."""

    scope: str
    folder: str
    changes: tuple[Change, ...] = ()
    files: tuple[Op, ...] = ()
    links: tuple[Op, ...] = ()
    steps: tuple[Step, ...] = ()
    refusals: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    busy: tuple[str, ...] = ()  # in the middle of something: to be waited for before anything is written
    before: Mapping[str, State] = Factory(dict)  # the units of the steps
    probes: Mapping[str, tuple[str, ...]] = Factory(dict)
    excused: frozenset[str] = frozenset()  # those that had failed before: they need not be well afterwards
    pending: Mapping[str, Pending] = Factory(dict)
    generation: Generation = field(default=Generation())
    is_recorded: bool = True  # whether the generation is what is on record already
    meant: Mapping[str, tuple[Meant, ...]] = Factory(dict)  # what systemd is to say of units whose files change
    hosts: tuple[str, ...] = ()  # the units of the steps that end what mkunit runs in

    @property
    def is_empty(self) -> bool:
        return not (self.files or self.links or self.steps) and self.is_recorded

    def units(self, *verbs: str) -> tuple[str, ...]:
        """The units of the steps with one of these verbs."""
        return tuple(dict.fromkeys(unit for step in self.steps if step.verb in verbs for unit in step.units))


@frozen
class Receipt:
    """What was done, and the plan that takes it back."""

    done: Plan
    undo: Plan
    warnings: tuple[Diagnostic, ...] = ()


@frozen
class Journal:
    """An apply that is under way: enough to end it, or to take it back, after the process was killed."""

    plan: Plan
    old: int = 0  # the generation that is to come back where it fails
    undoes: bool = False  # the plan takes another one back: it is always followed to its end
    confirm: bool = False  # it waits for `mkunit confirm`
    boot: str = ""  # the boot of the machine that it began in
    acted: float | None = None  # when its first unit was started, by the clock of that boot; None before


ASKED = 64  # units that systemd is asked about in full; one that is not loaded costs it 10 ms
PHASES: Sequence[str] = ("prepared", "stopping", "writing", "acting", "confirming")
