"""What is remembered of a project in one scope, as JSON documents: generations, the current one, an apply under way.

A generation is one document, written before anything is touched; `current` names the one that holds. Documents are
written whole or not at all, by whoever implements `Notes`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Protocol, TypeVar

from attrs import evolve, frozen

from mkunit.errors import Diagnostic, Origin, RefusedError
from mkunit.model.plan import Generation, Journal, Op, Pending, Piece, Plan, State, Step

KEPT = 10  # generations
T = TypeVar("T")
Document = dict[str, object]


class Notes(Protocol):
    """Where documents are: a folder, or a dict."""

    def read(self, name: str) -> str | None:
        """A document's text, None where there is none."""

    def write(self, name: str, text: str) -> None:
        """Put a document in the place of what was there, whole or not at all."""

    def remove(self, name: str) -> None:
        """Remove a document, if it is there."""

    def names(self, folder: str) -> Iterable[str]:
        """The names in a folder of documents."""


@frozen
class Records:
    """The records of one project in one scope: a `Store` over some `Notes`."""

    notes: Notes

    def current(self) -> Generation:
        number = (self.notes.read("current") or "").strip()
        found = self.generation(int(number)) if number.isdecimal() else None
        return found or Generation()

    def generation(self, number: int) -> Generation | None:
        return self._read(f"generations/{number}.json", _generation)

    def history(self) -> list[Generation]:
        return [found for number in self.numbers() if (found := self.generation(number))]

    def pending(self) -> Mapping[str, Pending]:
        return self._read("pending.json", _pending) or {}

    def journal(self) -> tuple[Journal, str] | None:
        found = self._read("journal.json", _journal)
        if found is None:
            return None
        generation = self.generation(found[1]) or Generation()
        plan = found[0].plan
        journal = evolve(found[0], plan=evolve(plan, generation=generation))
        kind, phase, acted = [*(self.notes.read("phase") or "").split(), "", "", ""][:3]
        if kind != _kind(journal):
            return journal, "prepared"
        return evolve(journal, acted=float(acted) if acted else None), phase

    def begin(self, journal: Journal) -> None:
        if self.notes.read("journal.json") is None:
            self.notes.remove("phase")  # of an earlier one, should it have been left
        generation = journal.plan.generation
        if not journal.undoes:
            self.notes.write(f"generations/{generation.number}.json", json.dumps(_of_generation(generation)))
        self.notes.write("journal.json", json.dumps(_of_journal(journal)))

    def phase(self, journal: Journal, name: str) -> None:
        # With its kind, for a plan that takes back another one replaces that one's journal, but not its phase.
        self.notes.write("phase", f"{_kind(journal)} {name} {journal.acted or ''}\n")

    def commit(self, journal: Journal) -> None:
        self.notes.write("pending.json", json.dumps({k: list(v) for k, v in journal.plan.pending.items()}))
        self.notes.write("current", f"{journal.plan.generation.number}\n")
        with suppress(OSError):  # it is done; whoever comes next finds that out, and clears up
            self.forget()

    def forget(self) -> None:
        self.notes.remove("journal.json")
        self.notes.remove("phase")
        self._prune()

    def _prune(self) -> None:
        """Keep the last ones; those that were never reached are no history."""
        current = self.current().number
        numbers = self.numbers()
        for number in [n for n in numbers if n > current] + [n for n in numbers if n <= current][:-KEPT]:
            self.notes.remove(f"generations/{number}.json")

    def numbers(self) -> list[int]:
        """The generations that are kept, oldest first, without a look into them: they may be large."""
        stems = (name.removesuffix(".json") for name in self.notes.names("generations"))
        return sorted(int(stem) for stem in stems if stem.isdecimal())

    def _read(self, name: str, make: Callable[[Document], T]) -> T | None:
        text = self.notes.read(name)
        if text is None:
            return None
        try:
            return make(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError):
            hint = "restore it from a backup; without it mkunit does not know which files are its own"
            raise RefusedError(Diagnostic("bad-records", "is not what mkunit wrote", hint, Origin(name))) from None


def _kind(journal: Journal) -> str:
    return "undo" if journal.undoes else "apply"


def _of_generation(one: Generation) -> Document:
    return {
        "number": one.number,
        "when": one.when,
        "who": one.who,
        "commit": one.commit,
        "what": one.what,
        "pieces": [of_piece(piece) for piece in one.pieces],
        "stamps": dict(one.stamps),
        "saved": dict(one.saved),
    }


def of_piece(piece: Piece) -> Document:
    """A file as JSON has it."""
    return {
        "path": piece.path,
        "unit": piece.unit,
        "text": piece.text,
        "source": piece.source,
        "policy": {name: list(value) if isinstance(value, tuple) else value for name, value in piece.words},
        "links": dict(piece.links),
    }


def piece(row: Document) -> Piece:
    """A file from JSON."""
    words = {name: tuple(value) if isinstance(value, list) else value for name, value in _mapping(row["policy"])}
    links = ((path, str(target)) for path, target in _mapping(row["links"]))
    source = row["source"]
    return Piece(
        str(row["path"]), str(row["unit"]), str(row["text"]), None if source is None else str(source),
        tuple(words.items()), tuple(links),
    )  # fmt: skip


def _mapping(value: object) -> Iterable[tuple[str, object]]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value.items()


def _rows(value: object) -> list[Document]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _generation(row: Document) -> Generation:
    return Generation(
        int(str(row["number"])), tuple(map(piece, _rows(row["pieces"]))),
        {k: str(v) for k, v in _mapping(row["stamps"])}, {k: str(v) for k, v in _mapping(row["saved"])},
        float(str(row["when"])), str(row["who"]), str(row["commit"]), str(row["what"]),
    )  # fmt: skip


def _pending(row: Document) -> dict[str, Pending]:
    return {name: Pending(*value) for name, value in _mapping(row) if isinstance(value, list)}


def _of_journal(one: Journal) -> Document:
    plan = one.plan
    return {
        "generation": plan.generation.number,
        "old": one.old,
        "undoes": one.undoes,
        "confirm": one.confirm,
        "boot": one.boot,
        "scope": plan.scope,
        "folder": plan.folder,
        "files": [[op.path, op.before, op.after] for op in plan.files],
        "links": [[op.path, op.before, op.after] for op in plan.links],
        "steps": [[step.verb, *step.units] for step in plan.steps],
        "before": {name: list(state) for name, state in plan.before.items()},
        "probes": {name: list(words) for name, words in plan.probes.items()},
        "excused": sorted(plan.excused),
        "pending": {name: list(pending) for name, pending in plan.pending.items()},
    }


def _journal(row: Document) -> tuple[Journal, int]:
    plan = Plan(
        str(row["scope"]), str(row["folder"]),
        files=tuple(Op(*op) for op in _lists(row["files"])),
        links=tuple(Op(*op) for op in _lists(row["links"])),
        steps=tuple(Step(verb, tuple(units)) for verb, *units in _lists(row["steps"])),
        before={name: State(*_list(state)) for name, state in _mapping(row["before"])},
        probes={name: tuple(_list(words)) for name, words in _mapping(row["probes"])},
        excused=frozenset(_list(row["excused"])),
        pending={name: Pending(*_list(words)) for name, words in _mapping(row["pending"])},
        is_recorded=False,
    )  # fmt: skip
    journal = Journal(plan, int(str(row["old"])), bool(row["undoes"]), bool(row["confirm"]), str(row["boot"]))
    return journal, int(str(row["generation"]))


def _list(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _lists(value: object) -> list[list[str]]:
    return [_list(row) for row in _list(value)]
