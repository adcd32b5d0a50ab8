"""What takes a plan back, from what it did and what runs now."""

from mkunit.model.plan import Generation, Op, Plan, State, Step
from mkunit.runner import undo

UP = State("loaded", "active", "listening", "", "")
STEPS = (
    Step("stop", ("a.socket", "a.service")),
    Step("write"),
    Step("start", ("a.socket",)),
    Step("start", ("a.service",)),
)


def plan(before: dict[str, State], *steps: Step) -> Plan:
    return Plan("system", "/x", files=(Op("a.socket", "old", "new"),), steps=steps, before=before)


def told(found: Plan) -> list[str]:
    return [str(step) for step in found.steps]


def test_unknown_invocations_are_taken_for_new_ones() -> None:
    """Sockets beyond number leave none: they are bound again, and not left with the addresses of the failed plan."""
    service = State("loaded", "active", "running", "", "1")
    failed = State("loaded", "failed", "failed", "", "2")
    back = undo(
        plan({"a.socket": UP, "a.service": service}, *STEPS), {"a.socket": UP, "a.service": failed}, Generation(), {}
    )
    assert told(back) == [
        "stop a.socket", "write", "daemon-reload", "reset-failed a.service a.socket", "start a.socket", "start a.service",
    ]  # fmt: skip


def test_what_was_not_touched_is_left_alone() -> None:
    """The same invocation as before: it never came to it."""
    known = State("loaded", "active", "running", "", "1")
    back = undo(
        plan({"a.service": known}, Step("write"), Step("restart", ("a.service",))),
        {"a.service": known},
        Generation(),
        {},
    )
    assert told(back) == ["write", "daemon-reload"]


def test_services_that_hold_sockets_are_stopped() -> None:
    """A connection has started one since: its next connection will."""
    back = undo(
        plan({"a.socket": UP}, Step("restart", ("a.socket",))), {"a.socket": UP}, Generation(), {}, {"a.service": UP}
    )
    assert told(back)[0] == "stop a.socket a.service"
    assert "start a.socket" in told(back)
