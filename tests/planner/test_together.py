"""One plan from those of several users' managers: files once, steps for each, in an order that starts nothing old."""

from world import effects, pieces

from mkunit import planner
from mkunit.errors import Diagnostic
from mkunit.model.plan import Found, Generation, Pending, Plan, Snapshot, State, Step
from mkunit.planner.together import NOBODY, together

FOLDER = "/etc/systemd/user"
OLD = {"a.socket": "[Socket]\nListenStream=1\n", "a.service": "[Service]\nExecStart=/bin/a\n"}
NEW = {"a.socket": "[Socket]\nListenStream=2\n", "a.service": "[Service]\nExecStart=/bin/a\n"}
LISTENING, RUNNING = State("loaded", "active", "listening", "", "1"), State("loaded", "active", "running", "", "2")


def part(units: dict[str, State], pending: dict[str, Pending] | None = None, *, runs: bool = True) -> Plan:
    """What one manager would have to do."""
    owned, wanted = Generation(1, pieces(OLD)), Generation(2, pieces(NEW))
    found = {name: Found("file", text) for name, text in OLD.items()}
    now = Snapshot("global", FOLDER, runs, found, units, owned, pending or {})
    return planner.plan(wanted, now, effects(OLD, NEW) if runs else {})


BARE = part({}, runs=False)


def test_what_is_stopped_is_stopped_first() -> None:
    """Everywhere before the first file changes; the rest user by user."""
    busy, idle = part({"a.socket": LISTENING, "a.service": RUNNING}), part({"a.socket": LISTENING})
    plan = together(BARE, {"kim": busy, "sam": idle, "ida": part({})}, {})
    assert plan.steps == (
        Step("stop", ("kim/a.socket", "kim/a.service")),
        Step("write"),
        Step("daemon-reload"),
        Step("start", ("kim/a.socket",)),
        Step("start", ("kim/a.service",)),
        Step("restart", ("sam/a.socket",)),
    )
    assert plan.before == {
        "kim/a.socket": LISTENING, "kim/a.service": RUNNING, "sam/a.socket": LISTENING,
    }  # fmt: skip
    assert plan.files == BARE.files


def test_rows() -> None:
    """Who reads a file, then what each does; those who do nothing share a row."""
    plan = together(BARE, {"kim": part({"a.socket": LISTENING}), "sam": part({}), "ida": part({})}, {})
    assert [(row.unit, row.path, row.action) for row in plan.changes] == [
        ("a.socket", "a.socket", "tell"),
        ("kim/a.socket", "", "restart"),
        ("sam,ida/a.socket", "", "nothing"),
    ]
    assert plan.changes[0].reason.startswith("by the systemd of `kim`, `sam` and `ida`;")


def test_nobody_runs() -> None:
    """Then files are all there is."""
    plan = together(BARE, {}, {})
    assert (plan.steps, {row.reason for row in plan.changes}) == ((Step("write"),), {NOBODY})


def test_what_is_refused_is_refused() -> None:
    """And told in the words of the refusal."""
    bare = Plan("global", FOLDER, refusals=(Diagnostic("drift", "no"),))
    assert together(bare, {"kim": BARE}, {}) == bare


def test_restarts_that_wait() -> None:
    """By user and unit; where one is over, that is to be recorded."""
    waits = {"a.service": Pending("2", "later")}
    own = Plan("global", FOLDER, pending=waits)
    bare = Plan("global", FOLDER, generation=Generation(1))
    assert together(bare, {"kim": own}, {"kim/a.service": waits["a.service"]}).is_empty
    assert not together(bare, {"kim": own}, {}).is_empty
    assert not together(bare, {"kim": Plan("global", FOLDER)}, {"kim/a.service": waits["a.service"]}).is_empty
