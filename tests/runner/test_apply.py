"""Applying on a machine made of a dict: identities that must hold whatever the units are, and every point of a crash."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from copy import deepcopy

import pytest
from world import QUICK, Texts, World, pieces

from mkunit.errors import IncompleteError, RefusedError, RolledBackError
from mkunit.model.plan import Found, Generation, Plan
from mkunit.planner import Leave, Options
from mkunit.runner import apply, recover
from mkunit.system.memory import Killed, Memory

OLD: Texts = {
    "api.service": "[Service]\nExecStart=/bin/api\n",
    "api.socket": "[Socket]\nListenStream=8080\n",
    "gone.service": "[Service]\nExecStart=/bin/gone\n",
    "lone.service": "[Service]\nExecStart=/bin/lone\n",
    "same.service": "[Service]\nExecStart=/bin/same\n",
    "idle.service": "[Service]\nExecStart=/bin/idle\n",
    "live.service": "[Service]\nExecStart=/bin/live\n",
}
NEW: Texts = {
    "api.service": "[Service]\nExecStart=/bin/api --new\n",
    "api.socket": "[Socket]\nListenStream=8081\n",
    "lone.service": "[Service]\nExecStart=/bin/lone --new\n",
    "same.service": "[Service]\nExecStart=/bin/same\n",
    "idle.service": "[Service]\nExecStart=/bin/idle --new\n",
    "live.service": "[Service]\nRestart=always\nExecStart=/bin/live\n",
    "fresh.service": "[Service]\nExecStart=/bin/fresh\n",
}
RUNNING = ("api.socket", "api.service", "gone.service", "lone.service", "same.service", "live.service")
START = Options(start=frozenset(["fresh.service"]))


def _started(silent: Collection[str] = ()) -> World:
    """The old units, applied and running; of some, systemd tells no invocation."""
    world = World(Memory(silent=silent))
    world.apply(OLD)
    for name in RUNNING:
        world.machine.do("start", [name])
    world.machine.calls.clear()
    world.machine.writes = 0
    return world


def test_plan_of_the_applied_is_empty() -> None:
    """After an apply nothing is left to be done."""
    world = _started()
    world.apply(NEW, START)
    assert world.plan(NEW).is_empty


def test_apply_of_the_same_calls_nothing() -> None:
    """An apply that changes nothing neither writes nor asks systemd for anything."""
    world = _started()
    world.apply(OLD)
    assert (world.machine.calls, world.machine.writes) == ([], 0)


def test_apply_then_undo_is_the_identity() -> None:
    """The receipt's plan brings back every file and everything that ran."""
    world = _started()
    before = deepcopy(world.machine.picture())
    receipt = world.apply(NEW, START)
    assert world.machine.picture() != before
    apply(receipt.undo, world.machine, world.records, QUICK)
    assert world.machine.picture() == before


def test_everything_new_runs_and_is_written() -> None:
    """Files are the new ones, and so is what each unit was started with, but for what needs no restart."""
    world = _started()
    world.apply(NEW, START)
    assert {path: found.text for path, found in world.machine.disk.items()} == NEW
    running = world.machine.running
    assert {n: running[n] for n in ("api.service", "api.socket", "lone.service", "fresh.service")} == {
        n: NEW[n] for n in ("api.service", "api.socket", "lone.service", "fresh.service")
    }
    assert running["live.service"] == OLD["live.service"]
    assert set(running) == {
        "api.service",
        "api.socket",
        "lone.service",
        "same.service",
        "live.service",
        "fresh.service",
    }


def test_calls_are_few_and_in_order() -> None:
    """One call for each verb; what is stopped stops by its old definition, before the files change."""
    world = _started()
    world.apply(NEW, START)
    assert world.machine.calls == [
        "stop api.socket gone.service api.service",
        "daemon-reload",
        "reset-failed lone.service api.service",
        "start api.socket",
        "restart lone.service",
        "start fresh.service api.service",
    ]


def test_failure_is_rolled_back() -> None:
    """A unit that does not come up takes the whole apply back."""
    world = _started()
    before = deepcopy(world.machine.picture())
    world.machine.broken = ("--new",)
    with pytest.raises(RolledBackError) as caught:
        world.apply(NEW, START)
    assert caught.value.exit_code == 7
    assert world.machine.picture() == before
    assert world.records.journal() is None
    assert world.records.current().number == 1


def test_ignored_line_is_rolled_back() -> None:
    """systemd's complaint about a line of ours is a failure."""
    world = _started()
    before = deepcopy(world.machine.picture())
    world.machine.ignored = ("--new",)
    with pytest.raises(RolledBackError):
        world.apply(NEW, START)
    assert world.machine.picture() == before


def test_failing_probe_is_rolled_back() -> None:
    """A service that runs but does not answer is not well."""
    world = _started()
    before = deepcopy(world.machine.picture())
    with pytest.raises(RolledBackError) as caught:
        world.apply(NEW, lone_service=(("probe", ("command", "/bin/false")),))
    assert "it says no" in str(caught.value)
    assert world.machine.picture() == before


def test_rollback_that_fails_says_so() -> None:
    """Exit 8, and the journal stays for the next try."""
    world = _started()
    world.machine.broken = ("--new", "/bin/lone")
    with pytest.raises(IncompleteError):
        world.apply(NEW)
    assert world.records.journal() is not None
    world.machine.broken = ()
    assert recover(world.machine, world.records, QUICK) == "old"
    assert world.records.journal() is None


@pytest.mark.parametrize("path", ["lone.service", "fresh.service"])
def test_stale_plan_is_refused(path: str) -> None:
    """Nothing is touched where a file has changed since the plan was made."""
    world = _started()
    plan = world.plan(NEW)
    world.machine.disk[path] = Found("file", "# mine\n")
    before = deepcopy(world.machine.picture())
    with pytest.raises(RefusedError):
        apply(plan, world.machine, world.records, QUICK)
    assert world.machine.picture() == before
    assert world.machine.calls == []


def _outcomes(*, full: bool, silent: Collection[str] = ()) -> list[str]:
    """Interrupt an apply at each of its writes, once each; what the next command makes of it."""
    found = []
    for point in range(1, 200):
        world = _started(silent)
        old = deepcopy(world.machine.picture())
        invocations = {name: state.invocation for name, state in world.machine.loaded.items()}
        plan = world.plan(NEW, START)
        if full:
            world.machine.full = point
        else:
            world.machine.last_write = point
        try:
            apply(plan, world.machine, world.records, QUICK)
        except (Killed, RolledBackError, RefusedError):
            pass
        else:
            return found
        world.machine.full = world.machine.last_write = None
        found.append(_recovered(world, old, invocations))
    raise AssertionError("an apply does not end")


def _recovered(world: World, old: object, invocations: dict[str, str]) -> str:
    recover(world.machine, world.records, QUICK)
    assert world.records.journal() is None
    is_new = world.records.current().number == 2
    if is_new:
        assert {path: found.text for path, found in world.machine.disk.items()} == NEW
        assert world.machine.running["api.service"] == NEW["api.service"]
        assert world.machine.running["fresh.service"] == NEW["fresh.service"]
        assert "gone.service" not in world.machine.running
        assert world.plan(NEW).is_empty
    else:
        assert world.machine.picture() == old
        assert world.plan(OLD).is_empty
    for name in ("same.service", "live.service"):
        assert world.machine.loaded[name].invocation == invocations[name]
    restarts = [word for call in world.machine.calls if call.startswith("restart") for word in call.split()[1:]]
    assert len(restarts) == len(set(restarts)) or not is_new
    return "new" if is_new else "old"


def test_every_prefix_recovers_to_old_or_new() -> None:
    """Killed after each write, rename and call: the next command ends it, one way or the other, and nothing twice."""
    found = _outcomes(full=False)
    print(f"{len(found)} points: {found.count('old')} to the old, {found.count('new')} to the new")  # noqa: T201  the number is of interest
    assert len(found) > 15
    assert set(found) == {"old", "new"}


def test_every_prefix_where_no_invocation_is_told() -> None:
    """Of sockets beyond number, the time of their last start tells what was done already."""
    found = _outcomes(full=False, silent={*OLD, *NEW})
    assert (len(found) > 15, set(found)) == (True, {"old", "new"})


def test_whoever_restarts_a_unit_before_systemd_reads_its_file_is_not_us() -> None:
    """Killed while files are written, a service that was started since runs what was there before, and is restarted."""
    world = _started()
    plan = world.plan(NEW, START)
    world.machine.last_write = next(n for n, at in enumerate(_phases(plan), 1) if at == "writing")
    with pytest.raises(Killed):
        apply(plan, world.machine, world.records, QUICK)
    world.machine.last_write = None
    world.machine.do("restart", ["lone.service"])
    assert recover(world.machine, world.records, QUICK) == "new"
    assert world.machine.running["lone.service"] == NEW["lone.service"]


def _phases(plan: Plan) -> Iterator[str]:
    """The phase that is on record after each write of an apply."""
    for point in range(1, 200):
        world = _started()
        world.machine.last_write = point
        with suppress(Killed):
            apply(plan, world.machine, world.records, QUICK)
        journal = world.records.journal()
        yield journal[1] if journal else ""


def test_after_a_reboot_everything_that_runs_is_new() -> None:
    """What the machine itself has started with all files in place is not restarted again."""
    world = _started({*OLD, *NEW})
    plan = world.plan(NEW, START)
    world.machine.last_write = next(n for n, at in enumerate(_phases(plan), 1) if at == "acting")
    with pytest.raises(Killed):
        apply(plan, world.machine, world.records, QUICK)
    world.machine.last_write, world.machine.clock, world.machine.booted = None, 0.5, "another"
    for name in ("api.socket", "api.service", "lone.service", "fresh.service"):
        world.machine.do("start", [name])
    world.machine.calls.clear()
    assert recover(world.machine, world.records, QUICK) == "new"
    assert [call for call in world.machine.calls if call.startswith("restart")] == []


def test_full_disk_is_rolled_back_or_refused() -> None:
    """ENOSPC at each write leaves the old generation in force."""
    found = _outcomes(full=True)
    assert len(found) > 15
    assert set(found) <= {"old", "new"}


def test_killed_rollback_goes_on() -> None:
    """A rollback that is killed at any point is followed to its end."""
    for point in range(1, 200):
        world = _started()
        old = deepcopy(world.machine.picture())
        plan = world.plan(NEW, START)
        world.machine.broken = ("fresh",)
        world.machine.last_write = point
        try:
            apply(plan, world.machine, world.records, QUICK)
        except Killed:
            world.machine.last_write = None
            with_failure = recover_quietly(world)
            assert with_failure in ("old", "rolled back")
            assert world.machine.picture() == old, point
        except RolledBackError:
            return
    raise AssertionError("a rollback does not end")


def recover_quietly(world: World) -> str:
    try:
        return recover(world.machine, world.records, QUICK) or "old"
    except RolledBackError:
        return "rolled back"


def test_first_apply_of_all_recovers() -> None:
    """Where there was no generation, none is left, or the first one is whole."""
    for point in range(1, 60):
        world = World()
        plan = world.plan(OLD, None, *pieces(OLD, {"api.socket": {"sockets.target.wants/api.socket": "/x/api.socket"}}))
        world.machine.last_write = point
        try:
            apply(plan, world.machine, world.records, QUICK)
        except Killed:
            world.machine.last_write = None
            recover(world.machine, world.records, QUICK)
            assert (len(world.machine.disk), world.records.current().number) in ((0, 0), (len(OLD) + 1, 1))
        else:
            return
    raise AssertionError


def test_generations_are_pruned() -> None:
    """The last ten are kept."""
    world = World()
    for i in range(14):
        world.apply({"a.service": f"[Service]\nExecStart=/bin/a {i}\n"})
    assert [one.number for one in world.records.history()] == list(range(5, 15))


def test_adopted_original_comes_back() -> None:
    """What a foreign file held is put back when its unit goes."""
    world = World(Memory(disk={"a.service": Found("file", "# theirs\n")}))
    with pytest.raises(RefusedError):
        world.apply({"a.service": "# ours\n"})
    world.apply({"a.service": "# ours\n"}, Options(Leave(adopt=frozenset(["a.service"]))))
    assert world.machine.disk["a.service"].text == "# ours\n"
    world.apply({})
    assert world.machine.disk["a.service"].text == "# theirs\n"


def test_generation_without_change_is_the_same() -> None:
    """When and by whom makes no difference."""
    assert Generation(1, pieces(OLD), when=1.0).same(Generation(2, pieces(OLD), who="root"))
