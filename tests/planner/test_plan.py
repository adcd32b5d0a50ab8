"""Whole plans: who is the owner of what, the order of the steps, groups, instances, and what is put off."""

import pytest
from world import World, effects, pieces

from mkunit import planner
from mkunit.model.plan import Found, Generation, Pending, Plan, Snapshot, State
from mkunit.planner import Leave, Options

UP = State("loaded", "active", "running", "", "a1")
A, B = "[Service]\nExecStart=/bin/a\n", "[Service]\nExecStart=/bin/b\n"
Texts = dict[str, str]


def planned(
    before: Texts, after: Texts, units: dict[str, State], options: Options | None = None, links: dict[str, dict[str, str]] | None = None,
    found: dict[str, Found] | None = None, pending: dict[str, Pending] | None = None, **words: tuple[tuple[str, object], ...],
) -> Plan:  # fmt: skip
    owned = Generation(1, pieces(before, links, **words))
    disk = {name: Found("file", text) for name, text in before.items()} | {
        path: Found("link", target) for path, target in owned.links.items()
    }
    snapshot = Snapshot("system", "/etc/systemd/system", True, disk | (found or {}), units, owned, pending or {})
    wanted = Generation(2, pieces(after, links, **words))
    return planner.plan(wanted, snapshot, effects(before, after), options)


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.refusals}


def steps(plan: Plan) -> list[str]:
    return [str(step) for step in plan.steps]


@pytest.mark.parametrize(
    ("there", "code"),
    [
        (Found("file", "# other\n"), "foreign-file"), (Found("link", "/elsewhere"), "foreign-file"),
        (Found("link", "/dev/null"), "masked-unit"), (Found("other"), "foreign-file"),
    ],
)  # fmt: skip
def test_foreign_is_refused(there: Found, code: str) -> None:
    """What we did not write is not overwritten, and nothing else happens either."""
    plan = planned({"b.service": A}, {"a.service": A, "b.service": B}, {"b.service": UP}, found={"a.service": there})
    assert (codes(plan), plan.steps) == ({code}, ())


def test_equal_file_is_taken_over_as_it_is() -> None:
    """A file that reads the same needs no write."""
    plan = planned({}, {"a.service": A}, {}, found={"a.service": Found("file", A)})
    assert (codes(plan), plan.files, plan.is_recorded) == (set(), (), False)


def test_adopted_is_written_and_saved() -> None:
    """With --adopt a foreign file is overwritten; what it held is kept."""
    plan = planned(
        {},
        {"a.service": A},
        {},
        Options(Leave(adopt=frozenset(["a.service"]))),
        found={"a.service": Found("file", "#")},
    )
    assert (codes(plan), plan.generation.saved) == (set(), {"a.service": "#"})


def test_removed_gives_back_what_was_adopted_and_only_that() -> None:
    """The original comes back; what somebody wrote over a file of ours is kept on record, and goes with it."""
    allowed = Options(Leave(overwrite_drift=True))
    drifted = planned({"a.service": A}, {}, {}, allowed, found={"a.service": Found("file", "#")})
    assert [op.after for op in drifted.files] == [None]
    assert "#" in drifted.generation.saved.values()
    owned = Generation(1, pieces({"a.service": A}), saved={"a.service": "#"})
    snapshot = Snapshot("system", "/etc", True, {"a.service": Found("file", A)}, {}, owned)
    adopted = planner.plan(Generation(2), snapshot, effects({"a.service": A}, {"a.service": "#"}))
    assert [op.after for op in adopted.files] == ["#"]


def test_one_unit_by_itself_leaves_the_others_waiting() -> None:
    """A restart that was put off is not made up for by a change of another unit."""
    waits = {"a.service": Pending("a1", "later")}
    only = Options(Leave(only=frozenset(["b.service"])))
    before, after = {"a.service": A, "b.service": A}, {"a.service": A, "b.service": B}
    plan = planned(before, after, {"a.service": UP, "b.service": UP}, only, pending=waits)
    assert (steps(plan)[-1], plan.pending) == ("restart b.service", waits)


def test_held_runs_as_it_runs() -> None:
    """The file is written, and the restart waits; the next plan makes up for it."""
    plan = planned({"a.service": A}, {"a.service": B}, {"a.service": UP}, Options(holds=True))
    assert (steps(plan), set(plan.pending)) == (["write", "daemon-reload"], {"a.service"})
    assert steps(planned({"a.service": B}, {"a.service": B}, {"a.service": UP}, pending=plan.pending)) == [
        "restart a.service"
    ]


@pytest.mark.parametrize("after", [{"a.service": B}, {"a.service": A}, {}])
def test_drift_is_refused(after: Texts) -> None:
    """A file of ours that somebody has changed is neither overwritten nor deleted."""
    changed = {"a.service": Found("file", "# changed\n")}
    assert codes(planned({"a.service": A}, after, {}, found=changed)) == {"drift"}
    allowed = Options(Leave(overwrite_drift=True))
    assert codes(planned({"a.service": A}, after, {}, allowed, found=changed)) == set()


def test_deleted_file_is_written_again() -> None:
    """Nothing is lost by that."""
    plan = planned({"a.service": A}, {"a.service": A}, {}, found={"a.service": Found()})
    assert [op.after for op in plan.files] == [A]


def test_disabled_by_the_administrator_stays_so() -> None:
    """A link that was taken away is not made again, unless that is asked for."""
    links = {"a.service": {"multi-user.target.wants/a.service": "/etc/systemd/system/a.service"}}
    gone = {"multi-user.target.wants/a.service": Found()}
    plan = planned({"a.service": A}, {"a.service": A}, {}, links=links, found=gone)
    assert (plan.is_empty, [note.code for note in plan.notes]) == (True, ["disabled"])
    again = planned(
        {"a.service": A}, {"a.service": A}, {}, Options(Leave(enable=frozenset(["a.service"]))), links, gone
    )
    assert [op.path for op in again.links] == ["multi-user.target.wants/a.service"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("claims", {"a.service": "shop"}, "claimed"), ("unsafe", {"": "others may write"}, "unsafe-folder")],
)
def test_unsafe_and_claimed_are_refused(field: str, value: dict[str, str], code: str) -> None:
    """Another project's files, and folders that others may write in."""
    snapshot = Snapshot("system", "/x", True, **{field: value})
    assert codes(planner.plan(Generation(1, pieces({"a.service": A})), snapshot, effects({}, {"a.service": A}))) == {
        code
    }


def test_shadowed_is_said() -> None:
    """A stronger folder hides the file: a warning."""
    snapshot = Snapshot("system", "/x", True, shadows={"a.service": "/run/systemd/transient/a.service"})
    plan = planner.plan(Generation(1, pieces({"a.service": A})), snapshot, effects({}, {"a.service": A}))
    assert [note.code for note in plan.notes] == ["shadowed"]


SOCKET, OTHER = "[Socket]\nListenStream=1\n", "[Socket]\nListenStream=2\n"


def test_socket_and_service_together() -> None:
    """Both stop by their old definitions; the socket starts before the service."""
    plan = planned(
        {"a.socket": SOCKET, "a.service": A}, {"a.socket": OTHER, "a.service": B}, {"a.socket": UP, "a.service": UP}
    )
    assert steps(plan) == ["stop a.socket a.service", "write", "daemon-reload", "start a.socket", "start a.service"]
    assert {change.unit: change.action for change in plan.changes} == {"a.socket": "rebind", "a.service": "rebind"}


def test_all_sockets_of_a_service_are_bound_again() -> None:
    """A second socket of the service, unchanged, stops and starts with it: systemd would refuse otherwise."""
    second = "[Socket]\nListenStream=9\nService=a.service\n"
    before = {"a.socket": SOCKET, "b.socket": second, "a.service": A}
    plan = planned(before, {**before, "a.socket": OTHER}, dict.fromkeys(before, UP))
    assert steps(plan)[0] == "stop a.socket b.socket a.service"
    assert "start a.socket b.socket" in steps(plan)


def test_service_alone_keeps_its_listener() -> None:
    """The socket is not touched."""
    plan = planned(
        {"a.socket": SOCKET, "a.service": A}, {"a.socket": SOCKET, "a.service": B}, {"a.socket": UP, "a.service": UP}
    )
    assert steps(plan) == ["write", "daemon-reload", "restart a.service"]


def test_removed_stops_first_triggers_before_services() -> None:
    """By the old definition, before the files go."""
    before = {"a.service": A, "a.timer": "[Timer]\nOnCalendar=daily\n"}
    plan = planned(before, {}, {"a.service": UP, "a.timer": UP})
    assert steps(plan) == ["stop a.timer a.service", "write", "daemon-reload", "reset-failed a.service a.timer"]


def test_restarts_are_one_call() -> None:
    """systemd merges and orders the jobs of one call."""
    names = [f"{n}.service" for n in "abc"]
    plan = planned(dict.fromkeys(names, A), dict.fromkeys(names, B), dict.fromkeys(names, UP))
    assert steps(plan) == ["write", "daemon-reload", "restart a.service b.service c.service"]


def test_instances_of_a_template() -> None:
    """Each active instance; those that a connection made keep the old definition."""
    units = {"t@a.service": UP, "t@b.service": UP, "t@c.service": State("loaded")}
    plan = planned({"t@.service": A}, {"t@.service": B}, units)
    assert steps(plan)[-1] == "restart t@a.service t@b.service"
    rolling = planned({"t@.service": A}, {"t@.service": B}, units, **{"t@_service": (("rolling", 1),)})
    assert steps(rolling)[-4:] == [
        "restart t@a.service",
        "settle t@a.service",
        "restart t@b.service",
        "settle t@b.service",
    ]


def test_instance_with_the_last_word() -> None:
    """What the template changes is no change for an instance whose own drop-in says something else all the time."""
    own = {"t@a.service": "[Service]\nExecStart=/bin/own\n"}
    before, after = {"t@.service": A}, {"t@.service": B}
    there, units = {"t@.service": Found("file", A)}, {"t@a.service": UP, "t@b.service": UP}
    snapshot = Snapshot("system", "/etc/systemd/system", True, there, units, Generation(1, pieces(before)))
    plan = planner.plan(Generation(2, pieces(after)), snapshot, effects(before | own, after | own))
    assert steps(plan)[-1] == "restart t@b.service"


def test_connections_keep_the_old_definition() -> None:
    """Instances that an accepting socket has made are left to end by themselves."""
    accepting = "[Socket]\nListenStream=1\nAccept=yes\n"
    before = {"t.socket": accepting, "t@.service": A}
    plan = planned(before, {**before, "t@.service": B}, {"t.socket": UP, "t@0-1:2-3.service": UP})
    assert steps(plan) == ["write", "daemon-reload"]
    assert "1 connection stay" in plan.changes[0].reason


def test_dropin_changes_its_unit() -> None:
    """A drop-in for somebody else's unit is a change of that unit."""
    wanted = Generation(
        1,
        (
            planner_piece := pieces({"n.service": "[Service]\nNice=5\n"})[0].__class__(
                "n.service.d/50.conf", "n.service", "[Service]\nNice=5\n"
            ),
        ),
    )
    snapshot = Snapshot("system", "/x", True, units={"n.service": UP})
    merged = {"n.service": effects({"n.service": A}, {"n.service": A + "Nice=5\n"})["n.service"]}
    plan = planner.plan(wanted, snapshot, merged)
    assert (steps(plan)[-1], planner_piece.is_dropin) == ("restart n.service", True)


@pytest.mark.parametrize(
    "state",
    [UP._replace(job="restart"), UP._replace(active="activating", sub="start"), UP._replace(active="deactivating")],
)
def test_busy_units_are_waited_for(state: State) -> None:
    """A daemon-reload in the middle of a oneshot makes systemd skip what is left of it."""
    assert planned({"a.service": A}, {"a.service": B}, {"a.service": state}).busy == ("a.service",)


@pytest.mark.parametrize(
    ("where", "action"), [("/home/una", "pending"), ("/home/una/data", "restart"), ("/home/un", "restart")]
)
def test_mount_that_our_files_are_on(where: str, action: str) -> None:
    """It is never restarted: what is written next would be somewhere else, or nowhere."""
    name, text = "m.mount", f"[Mount]\nWhat=/dev/x{{}}\nWhere={where}\n"
    owned = Generation(1, pieces({name: text.format(1)}))
    disk = {name: Found("file", text.format(1))}
    ground = ("/home/una/.config/systemd/user", "/home/una/.local/state/mkunit")
    snapshot = Snapshot("user", "/x", True, disk, {name: UP}, owned, ground=ground)
    wanted = Generation(2, pieces({name: text.format(2)}))
    plan = planner.plan(wanted, snapshot, effects({name: text.format(1)}, {name: text.format(2)}))
    assert plan.changes[0].action == action


@pytest.mark.parametrize(
    ("leaves", "state", "action"),
    [
        (False, UP, "pending"), (True, UP, "restart"),
        (True, UP._replace(active="activating", sub="start"), "pending"),
    ],
)  # fmt: skip
def test_what_mkunit_runs_in(leaves: bool, state: State, action: str) -> None:
    """It is restarted where mkunit can leave it; it never waits for a start that waits for mkunit."""
    owned = Generation(1, pieces({"a.service": A}))
    disk = {"a.service": Found("file", A)}
    snapshot = Snapshot("system", "/x", True, disk, {"a.service": state}, owned, hosts=frozenset(["a.service"]))
    wanted = Generation(2, pieces({"a.service": B}))
    plan = planner.plan(wanted, snapshot, effects({"a.service": A}, {"a.service": B}), Options(leaves=leaves))
    assert (plan.changes[0].action, plan.busy) == (action, ())


def test_pending_stays_until_the_invocation_changes() -> None:
    """A restart that was put off is not forgotten, and not a change."""
    keep = (("on_change", "keep"),)
    first = planned({"a.service": A}, {"a.service": B}, {"a.service": UP}, a_service=keep)
    assert (steps(first), set(first.pending)) == (["write", "daemon-reload"], {"a.service"})
    later = planned({"a.service": B}, {"a.service": B}, {"a.service": UP}, pending=dict(first.pending), a_service=keep)
    assert later.is_empty
    assert [change.action for change in later.changes] == ["pending"]
    restarted = {"a.service": UP._replace(invocation="b2")}
    done = planned({"a.service": B}, {"a.service": B}, restarted, pending=dict(first.pending), a_service=keep)
    assert (done.changes, done.pending) == ((), {})
    allowed = planned({"a.service": B}, {"a.service": B}, {"a.service": UP}, pending=dict(first.pending))
    assert steps(allowed) == ["restart a.service"]


def test_strict_restarts_what_is_live() -> None:
    """With --strict nothing is left to systemd's own ways."""
    before, after = {"a.service": A}, {"a.service": "[Service]\nRestart=always\nExecStart=/bin/a\n"}
    assert steps(planned(before, after, {"a.service": UP})) == ["write", "daemon-reload"]
    assert steps(planned(before, after, {"a.service": UP}, Options(strict=True)))[-1] == "restart a.service"


def test_watched_files() -> None:
    """A file in restart_on restarts, one in reload_on reloads, though no unit file changes."""
    text = A + "ExecReload=/bin/true\n"
    words = {"a_service": (("restart_on", ("/etc/r",)), ("reload_on", ("/etc/l",)))}
    owned = Generation(1, pieces({"a.service": text}, **words), {"/etc/r": "1", "/etc/l": "1"})
    snapshot = Snapshot("system", "/x", True, {"a.service": Found("file", text)}, {"a.service": UP}, owned)
    for path, verb in (("/etc/r", "restart"), ("/etc/l", "reload")):
        wanted = Generation(2, owned.pieces, {**owned.stamps, path: "2"})
        plan = planner.plan(wanted, snapshot, effects({"a.service": text}, {"a.service": text}))
        assert steps(plan) == [f"{verb} a.service"]
        assert f"`{path}` changed" in plan.changes[0].reason


def test_without_a_manager_only_files_change() -> None:
    """An image, or a user who is not logged in."""
    plan = planner.plan(Generation(1, pieces({"a.service": A})), Snapshot("system", "/x"), {})
    assert steps(plan) == ["write"]
    assert "no systemd runs here" in plan.changes[0].reason


def test_planning_twice_gives_the_same() -> None:
    """A plan is a function of what is given."""
    world = World()
    world.apply({"a.service": A})
    assert world.plan({"a.service": B}) == world.plan({"a.service": B})


def test_only_the_named_units_are_looked_at() -> None:
    """Drift in one unit is no reason to refuse another that is installed by itself."""
    changed = {"a.service": Found("file", "# changed\n")}
    options = Options(Leave(only=frozenset(["b.service"])))
    plan = planned({"a.service": A}, {"a.service": A, "b.service": B}, {}, options, found=changed)
    assert (codes(plan), [op.path for op in plan.files]) == (set(), ["b.service"])
