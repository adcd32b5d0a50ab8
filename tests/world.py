"""A small world for tests: units from text, planned and applied on a machine made of a dict."""

from attrs import define, field

from mkunit import planner
from mkunit.model.plan import Generation, Piece, Plan, Receipt, Snapshot
from mkunit.model.unit import Unit
from mkunit.parser import parse
from mkunit.planner import Effective, Options
from mkunit.runner import Manner, apply
from mkunit.system.journal import Records
from mkunit.system.memory import Memory

QUICK = Manner(settle=0.4, patience=2.0)
Texts = dict[str, str]


def unit(name: str, text: str | None) -> Unit | None:
    return None if text is None else parse(text.encode(), name, name).unit


def effects(before: Texts, after: Texts) -> dict[str, Effective]:
    names = dict.fromkeys([*before, *after])
    return {name: Effective(unit(name, before.get(name)), unit(name, after.get(name))) for name in names}


def pieces(
    texts: Texts, links: dict[str, dict[str, str]] | None = None, **words: tuple[tuple[str, object], ...]
) -> tuple[Piece, ...]:
    return tuple(
        Piece(name, name, text, None, words.get(name.replace(".", "_"), ()), tuple((links or {}).get(name, {}).items()))
        for name, text in texts.items()
    )


@define
class World:
    """The machine and its records."""

    machine: Memory = field(factory=Memory)

    @property
    def records(self) -> Records:
        return Records(self.machine)

    def snapshot(self, *wanted: Piece) -> Snapshot:
        owned = self.records.current()
        both = (*owned.pieces, *wanted)
        paths = [p.path for p in both] + [path for p in both for path, _ in p.links]
        return Snapshot(
            "system",
            self.machine.folder,
            self.machine.is_running(),
            self.machine.look(paths),
            self.machine.units(),
            owned,
            self.records.pending(),
        )

    def plan(
        self, texts: Texts, options: Options | None = None, *wanted: Piece, **words: tuple[tuple[str, object], ...]
    ) -> Plan:
        found = wanted or pieces(texts, **words)
        snapshot = self.snapshot(*found)
        before = {piece.path: piece.text for piece in snapshot.owned.pieces}
        numbers = [one.number for one in self.records.history()]
        generation = Generation(max(numbers, default=0) + 1, found)
        return planner.plan(generation, snapshot, effects(before, texts), options)

    def apply(self, texts: Texts, options: Options | None = None, **words: tuple[tuple[str, object], ...]) -> Receipt:
        return apply(self.plan(texts, options, **words), self.machine, self.records, QUICK)
