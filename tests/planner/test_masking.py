"""Units that a project masks: what is stopped, what is written, and what of others is left alone."""

from collections.abc import Mapping

from world import QUICK, World, pieces

from mkunit import planner
from mkunit.model.plan import Found, Generation, Plan, Snapshot, State
from mkunit.model.unit import MASK
from mkunit.parser import parse
from mkunit.planner import Effective, Leave, Options
from mkunit.runner import apply

A = "[Service]\nExecStart=/bin/a\n"
UP = State("loaded", "active", "running", "", "a1")
MASKED = Found("link", MASK)


def planned(
    before: str | None,
    after: str | None,
    found: Found,
    state: State | None = None,
    *,
    is_ours: bool = True,
    options: Options | None = None,
    vendor: str | None = None,
) -> Plan:
    """The plan from one text of a.service of ours to another, a mask among them, over what is there."""
    owned = Generation(1, pieces({"a.service": before})) if before is not None and is_ours else Generation()
    wanted = Generation(2, pieces({"a.service": after} if after is not None else {}))
    units: Mapping[str, State] = {"a.service": state} if state else {}
    snapshot = Snapshot("system", "/x", True, {"a.service": found}, units, owned)
    texts = [vendor if text is None else None if text == MASK else text for text in (before, after)]
    read = [parse(text.encode(), "a.service", "a.service").unit if text else None for text in texts]
    return planner.plan(wanted, snapshot, {"a.service": Effective(read[0], read[1])}, options)


def steps(plan: Plan) -> list[str]:
    return [str(step) for step in plan.steps]


def test_running_unit_is_stopped_first() -> None:
    """By its old definition; a vendor's as ours."""
    stops = ["stop a.service", "write", "daemon-reload", "reset-failed a.service"]
    ours = planned(A, MASK, Found("file", A), UP)
    vendors = planned(None, MASK, Found(), UP, vendor=A)
    assert (steps(ours), steps(vendors)) == (stops, stops)
    assert "it is masked" in vendors.changes[0].reason
    assert "# masked" in (vendors.changes[0].after or "")


def test_unit_that_nobody_has() -> None:
    """It is masked all the same, before somebody installs it."""
    plan = planned(None, MASK, Found())
    assert steps(plan) == ["write", "daemon-reload"]
    assert plan.changes[0].reason == "masked: nobody starts it any more"


def test_mask_that_is_there() -> None:
    """Nothing is to be done, ours or the administrator's; it is on record afterwards."""
    assert steps(planned(MASK, MASK, MASKED)) == []
    theirs = planned(None, MASK, MASKED, is_ours=False)
    assert (steps(theirs), theirs.refusals, theirs.is_recorded) == ([], (), False)


def test_taking_a_mask_away() -> None:
    """Ours gives way to a file, or goes; the administrator's stays."""
    back = planned(MASK, A, MASKED, State("masked", "inactive"), options=Options(start=frozenset(["a.service"])))
    assert steps(back) == ["write", "daemon-reload", "start a.service"]
    assert [op.after for op in planned(MASK, None, MASKED).files] == [None]
    assert planned(None, A, MASKED, is_ours=False).refusals[0].code == "masked-unit"


def test_foreign_and_drifted_files() -> None:
    """A mask overwrites no file that is not ours, or not as we wrote it."""
    assert planned(None, MASK, Found("file", A)).refusals[0].code == "foreign-file"
    adopted = planned(None, MASK, Found("file", A), options=Options(Leave(adopt=frozenset(["a.service"]))))
    assert adopted.generation.saved == {"a.service": A}
    assert planned(MASK, MASK, Found("file", A)).refusals[0].code == "drift"
    assert planned(MASK, None, Found("file", A)).refusals[0].code == "drift"
    assert planned(None, MASK, Found("link", "/etc/passwd")).refusals[0].code == "foreign-file"


def test_there_and_back_again() -> None:
    """What was masked is a link; taken back, the file is there again, and what ran runs."""
    world = World()
    world.apply({"a.service": A}, Options(start=frozenset(["a.service"])))
    before = world.machine.picture()
    snapshot = world.snapshot(*pieces({"a.service": MASK}))
    found = {"a.service": Effective(parse(A.encode(), "a.service", "a").unit, None)}
    plan = planner.plan(Generation(2, pieces({"a.service": MASK})), snapshot, found)
    receipt = apply(plan, world.machine, world.records, QUICK)
    assert world.machine.disk["a.service"] == MASKED
    assert "a.service" not in world.machine.running
    apply(receipt.undo, world.machine, world.records, QUICK)
    assert world.machine.picture() == before
