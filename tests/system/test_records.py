"""Generations and journals as documents: what is written is read back, and what is no document is refused."""

from pathlib import Path

import pytest
from world import pieces

from mkunit.errors import RefusedError
from mkunit.model.plan import Generation, Journal, Op, Pending, Piece, Plan, State, Step
from mkunit.system.disk import Folder
from mkunit.system.journal import Records

PIECE = Piece(
    "a.service", "a.service", "[Service]\nNice=1\udcff\n", "units/a.py",
    (("on_change", "keep"), ("probe", ("tcp", "localhost", "80")), ("rolling", 2)), (("t.wants/a.service", "/x/a.service"),),
)  # fmt: skip
GENERATION = Generation(1, (PIECE,), {"/etc/x": "1"}, {"a.service": "# theirs"}, 12.5, "root", "abc+", "apply")
PLAN = Plan(
    "system", "/etc/systemd/system", files=(Op("a.service", None, "x"),), links=(Op("l", "a", None),),
    steps=(Step("stop", ("a.service",)), Step("write")), before={"a.service": State("loaded", "active", "running", "", "i")},
    probes={"a.service": ("http", "http://x/")}, excused=frozenset(["a.service"]), pending={"b.service": Pending("i", "why")},
    generation=GENERATION, is_recorded=False,
)  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(Folder(tmp_path / "state"))


def test_nothing_was_ever_applied(records: Records) -> None:
    """An empty generation 0."""
    assert (records.current(), records.journal(), records.history(), records.pending()) == (Generation(), None, [], {})


def test_what_is_written_is_read_back(records: Records) -> None:
    """Journal, generation, and the phase; after the commit the generation is the current one."""
    journal = Journal(PLAN, confirm=True)
    records.begin(journal)
    assert records.journal() == (journal, "prepared")
    records.phase(journal, "acting")
    assert records.journal() == (journal, "acting")
    assert records.current() == Generation()
    records.commit(journal)
    assert (records.current(), records.journal(), records.pending()) == (GENERATION, None, dict(PLAN.pending))


def test_phase_of_another_journal_does_not_count(records: Records) -> None:
    """The plan that takes back starts at its own beginning."""
    forward, back = Journal(PLAN), Journal(PLAN, undoes=True)
    records.begin(forward)
    records.phase(forward, "acting")
    records.begin(back)
    assert records.journal() == (back, "prepared")


def test_forgotten_generation_is_gone(records: Records) -> None:
    """What was never reached is no history."""
    records.begin(Journal(PLAN))
    records.forget()
    assert (records.history(), records.journal()) == ([], None)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"number": 1}', '"x"'])
def test_broken_document_is_refused(records: Records, text: str) -> None:
    """It is never taken for nothing: mkunit would forget what it owns."""
    records.notes.write("current", "1\n")
    records.notes.write("generations/1.json", text)
    with pytest.raises(RefusedError, match="bad-records"):
        records.current()


def test_equal_pieces_make_equal_generations() -> None:
    """The number makes no difference."""
    assert Generation(1, pieces({"a.service": "x"})).same(Generation(2, pieces({"a.service": "x"})))
