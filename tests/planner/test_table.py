"""The decision table, row by row: what happens to a unit in each state when it changes in each way."""

import pytest
from attrs import evolve

from mkunit.model.plan import Policy, State
from mkunit.model.unit import Unit
from mkunit.parser import parse
from mkunit.planner.case import Case, guard
from mkunit.planner.classes import Difference, class_of, difference
from mkunit.planner.table import ROWS, decide

UP = State("loaded", "active", "running", "", "a1")
DOWN = State()
FAILED = State("loaded", "failed", "failed", "", "a1")
LOOPING = State("loaded", "activating", "auto-restart", "", "a1")


def unit(name: str, text: str) -> Unit:
    return parse(text.encode(), name, name).unit


def differs(*classes: str) -> Difference:
    return Difference(frozenset(classes), ("Environment",))


def case(name: str = "a.service", state: State = UP, *classes: str, change: str = "changed", **fields: object) -> Case:
    return evolve(Case(name, change, differs(*classes), state), **fields)


RELOADS = unit("a.service", "[Service]\nExecStart=/bin/a\nExecReload=/bin/kill -HUP $MAINPID\n")
REFUSES = unit("a.service", "[Unit]\nRefuseManualStop=yes\n[Service]\nExecStart=/bin/a\n")
NO_START = unit("a.service", "[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/a\n")
PLAIN = unit("a.service", "[Service]\nExecStart=/bin/a\n")
SIGNALLED = unit("a.service", "[Service]\nType=notify-reload\nExecStart=/bin/a\n")
ACCEPTS = unit("a.socket", "[Socket]\nListenStream=1\nAccept=yes\n")
KEEP, RELOAD, STOP_START = Policy(on_change="keep"), Policy(on_change="reload"), Policy(on_change="stop-start")

CASES = [
    ("unchanged", "nothing", case(change="unchanged", difference=Difference(frozenset()))),
    ("many", "nothing", case("service", DOWN, "restart")),
    ("many", "nothing", case("web-.service", DOWN, change="new")),
    ("many", "nothing", case("user-.slice", DOWN, change="removed")),
    ("masked", "nothing", case("a.service", UP._replace(load="masked"), "restart")),
    ("spawned", "nothing", case("a@1-x.service", UP, "restart", is_spawned=True)),
    ("connections", "nothing", case("a@.service", DOWN, "restart", connections=2)),
    ("host", "pending", case("a.service", UP, "restart", is_host=True)),
    ("protected", "pending", case("dbus.service", UP, "restart", guard=guard("dbus.service"))),
    ("protected", "pending", case("dbus.service", UP, "restart", guard=guard("dbus.service"), is_allowed=True)),
    ("protected", "pending", case("ssh.service", UP, guard=guard("ssh.service"), change="removed")),
    ("protected", "pending", case("ssh.socket", UP, "binds", guard=guard("ssh.socket"), policy=RELOAD)),
    ("restart", "restart", case("ssh.service", UP, "restart", guard=guard("ssh.service"), is_allowed=True)),
    ("policy reload", "reload", case("ssh.service", UP, "restart", guard=guard("ssh.service"), policy=RELOAD, after=RELOADS)),
    ("removed, active", "stop", case("ssh.service", UP, guard=guard("ssh.service"), change="removed", is_allowed=True)),
    ("removed, refuses", "pending", case(change="removed", before=REFUSES)),
    ("removed slice", "nothing", case("a.slice", UP, change="removed")),
    ("refuses manual start", "nothing", case("a.service", DOWN, change="new", is_wanted=True, after=NO_START)),
    ("removed, keep", "nothing", case(change="removed", policy=Policy(on_remove="keep"))),
    ("removed, active", "stop", case(change="removed")),
    ("removed, failed", "forget", case("a.service", FAILED, change="removed")),
    ("removed, inactive", "nothing", case("a.service", DOWN, change="removed")),
    ("socket under a running service", "rebind", case("a.socket", UP, "binds", service="a.service")),
    ("socket under a running service", "rebind", case("a.socket", FAILED, "binds", service="a.service")),
    ("socket under a running service", "rebind", case("a.socket", DOWN, change="new", service="a.service", is_wanted=True)),
    ("with its socket", "rebind", case("a.service", UP, "restart", rebound=True)),
    ("failed", "retry", case("a.service", FAILED, "live")),
    ("failed", "retry", case("a.service", LOOPING, "restart")),
    ("none", "nothing", case("a.service", UP, "none")),
    ("to start", "start", case("a.service", DOWN, "restart", policy=Policy(ensure="running"))),
    ("to start", "start", case("a.service", DOWN, change="new", is_wanted=True)),
    ("to start", "start", case("a.service", DOWN, change="unchanged", difference=Difference(frozenset()), asked=True)),
    ("new", "nothing", case("a.service", DOWN, change="new")),
    ("new", "nothing", case("a.service", DOWN, change="new", is_wanted=True, trigger="a.timer")),
    ("inactive", "nothing", case("a.service", DOWN, "restart")),
    ("inactive", "nothing", case("a.service", DOWN, "restart", is_wanted=True)),
    ("inactive", "nothing", case("a.socket", DOWN, "binds")),
    ("held", "pending", case("a.service", UP, "restart", is_held=True)),
    ("held", "pending", case("a.socket", UP, "binds", service="a.service", is_held=True)),
    ("held", "pending", case("a.service", FAILED, "live", is_held=True)),
    ("live", "live", case("a.service", UP, "live", is_held=True)),
    ("inactive", "nothing", case("a.service", DOWN, "restart", is_held=True)),
    ("policy keep", "pending", case("a.service", UP, "restart", policy=KEEP)),
    ("accepting socket", "restart", case("a.socket", UP, "binds", after=ACCEPTS)),
    ("socket", "restart", case("a.socket", UP, "binds")),
    ("elapsed timer", "restart", case("a.timer", UP._replace(sub="elapsed"), "live")),
    ("timer", "live", case("a.timer", UP._replace(sub="waiting"), "live")),
    ("path", "live", case("a.path", UP, "restart")),
    ("path", "live", case("a.slice", UP, "restart")),
    ("target", "live", case("a.target", UP, "live")),
    ("target that pulls", "pull", case("a.target", UP, "pulls")),
    ("automount, swap", "pending", case("a.automount", UP, "restart")),
    ("automount, swap", "pending", case("a.swap", UP, "restart")),
    ("restart", "restart", case("a.swap", UP, "restart", is_allowed=True)),
    ("refuses manual stop", "pending", case("a.service", UP, "restart", after=REFUSES)),
    ("refuses manual stop", "pending", case("a.service", UP, "restart", after=NO_START)),
    ("refuses manual stop", "pending", case("a.service", UP, "restart", before=REFUSES, after=PLAIN, policy=STOP_START)),
    ("restart", "restart", case("a.service", UP, "restart", before=REFUSES, after=PLAIN)),
    ("policy reload", "reload", case("a.service", UP, "restart", policy=RELOAD, after=RELOADS)),
    ("policy reload", "restart", case("a.service", UP, "restart", policy=RELOAD)),
    ("policy stop-start", "stop-start", case("a.service", UP, "restart", policy=STOP_START)),
    ("restart", "restart", case("a.service", UP, "restart", "live")),
    ("restart", "restart", case("a.service", UP._replace(sub="exited"), "restart")),
    ("restart", "restart", case("a.mount", UP, "restart")),
    ("reload", "reload", case("a.mount", UP, "reload")),
    ("reload", "reload", case("a.service", UP, "reload", after=RELOADS)),
    ("reload", "restart", case("a.service", UP, "reload", before=RELOADS, after=PLAIN)),
    ("reload", "reload", case("a.service", UP, "reload", before=SIGNALLED, after=SIGNALLED)),
    ("reload", "restart", case("a.service", UP, "reload", before=PLAIN, after=SIGNALLED)),
    ("reload", "restart", case("a.service", UP, "reload")),
    ("pulls", "pull", case("a.service", UP, "pulls", "live")),
    ("live", "live", case("a.service", UP, "live", "none")),
    ("live", "live", case("a.service", UP, "cgroup")),
]  # fmt: skip


@pytest.mark.parametrize(("row", "action", "given"), CASES, ids=[f"{n}-{row}" for n, (row, _, _) in enumerate(CASES)])
def test_row(row: str, action: str, given: Case) -> None:
    """The first row that fits decides, and gives a reason."""
    name, verdict = decide(given)
    assert (name, verdict.action) == (row, action)
    assert verdict.reason


def test_every_row_has_a_case() -> None:
    """No row of the table is without a test."""
    assert {row.name for row in ROWS} == {row for row, _, _ in CASES}


@pytest.mark.parametrize(
    ("given", "words", "drops"),
    [
        (case("a.service", UP, "restart"), "`Environment=` changed, and it is running", True),
        (case("a.service", UP, "restart", sockets=("a.socket",)), "connections queue meanwhile", False),
        (case("a.service", DOWN, "restart", is_wanted=True), "stopped by the administrator", None),
        (case("a.service", UP, "restart", after=REFUSES), "refuses to be restarted by hand", None),
        (case("ssh.service", UP, "restart", guard=guard("ssh.service")), "`--allow ssh.service` restarts it", None),
        (case("dbus.service", UP, "restart", guard=guard("dbus.service")), "mkunit never restarts it", None),
        (case("a.socket", UP, "binds", service="a.service"), "socket and service together", True),
        (case("a.socket", UP, "binds", after=ACCEPTS), "open connections stay", False),
        (case("a.service", UP, "restart", because="/etc/web.conf"), "`/etc/web.conf` changed", True),
    ],
)
def test_reason_in_words(given: Case, words: str, drops: bool | None) -> None:
    """What a person reads, and whether connections are dropped."""
    _, verdict = decide(given)
    assert words in verdict.reason
    assert verdict.drops is drops


@pytest.mark.parametrize(
    ("section", "name", "found"),
    [
        ("Unit", "Description", "none"), ("Service", "X-Mine", "none"), ("X-Mine", "Any", "none"),
        ("Install", "WantedBy", "none"), ("Unit", "After", "live"), ("Unit", "OnFailure", "live"),
        ("Unit", "ConditionPathExists", "live"), ("Unit", "Wants", "pulls"), ("Service", "Restart", "live"),
        ("Service", "TimeoutStopSec", "live"), ("Service", "ExecStop", "live"), ("Service", "ExecStart", "restart"),
        ("Service", "MemoryMax", "cgroup"), ("Socket", "MemoryMax", "cgroup"), ("Service", "Slice", "restart"),
        ("Service", "Delegate", "restart"), ("Socket", "ListenStream", "binds"), ("Socket", "Backlog", "binds"),
        ("Socket", "MaxConnections", "live"), ("Timer", "OnCalendar", "live"), ("Mount", "Options", "reload"),
        ("Mount", "What", "restart"), ("Service", "NoSuchThing", "restart"), ("Service", "IOReadBandwidthMax", "cgroup"),
        ("Service", "MemoryDenyWriteExecute", "restart"), ("Service", "MemoryPressureWatch", "restart"),
    ],
)  # fmt: skip
def test_class_of_a_directive(section: str, name: str, found: str) -> None:
    """What a change of one line means for a unit that runs."""
    assert class_of(section, name) == found


def test_order_of_different_keys_is_no_difference() -> None:
    """Comments, blank lines and the order of different directives mean nothing; the order of listeners does."""
    one = unit("a.service", "[Service]\nUser=a\nExecStart=/bin/a\n")
    other = unit("a.service", "# x\n[Service]\nExecStart=/bin/a\n\nUser=a\n")
    assert difference(one, other).classes == frozenset()
    ports = [unit("a.socket", f"[Socket]\nListenStream={a}\nListenDatagram={b}\n") for a, b in ((1, 2), (1, 3))]
    assert difference(*ports) == Difference(frozenset(["binds"]), ("ListenDatagram",))


def test_list_that_is_taken_back_is_no_difference() -> None:
    """What an empty assignment takes back was never there."""
    one = unit("a.service", "[Service]\nExecStart=/bin/a\n")
    other = unit("a.service", "[Service]\nExecStart=/bin/b\nExecStart=\nExecStart=/bin/a\n")
    assert difference(one, other).classes == frozenset()


def test_wants_pull_only_where_there_are_more() -> None:
    """A unit that is no longer wanted is not stopped."""
    few, many = (unit("a.service", f"[Unit]\nWants={wants}\n") for wants in ("b.service", "b.service c.service"))
    assert difference(few, many).classes == {"pulls"}
    assert difference(many, few).classes == {"live"}
