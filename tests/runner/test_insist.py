"""A call that systemd refuses for no fault of the units."""

import pytest
from world import World

from mkunit.errors import SystemdError
from mkunit.runner.insist import call
from mkunit.system.memory import Memory

A, B = "a.service", "b.service"
TEXT = "[Service]\nExecStart=/bin/a\n"


def machine(*names: str, whole: bool = False) -> Memory:
    """A machine that has read these units."""
    return Memory(read_texts=dict.fromkeys(names, TEXT), clock=100.0, whole=whole)


def test_started_too_often_is_forgiven() -> None:
    """Only the refused unit is asked for again."""
    found = machine(A, B)
    found.limited.add(B)
    call(found, "restart", [A, B])
    assert found.calls == [f"restart {A} {B}", f"reset-failed {B}", f"restart {B}"]
    assert found.units()[B].is_up


def test_refused_for_good() -> None:
    """What fails for another reason is not asked for again, and its error is told."""
    found = machine(A)
    with pytest.raises(SystemdError, match=B):
        call(found, "start", [A, B])
    assert found.calls == [f"start {A} {B}"]


def test_forgiven_beside_one_that_fails() -> None:
    """The error is told, whoever else was forgiven."""
    found = machine(A, B)
    found.limited |= {A, B}
    found.read_texts.pop(B)
    with pytest.raises(SystemdError, match=B):
        call(found, "start", [A, B])


def test_one_bad_unit_does_not_keep_the_others_down() -> None:
    """Where systemd refuses a call whole, each is asked for by itself."""
    found = machine(A, whole=True)
    with pytest.raises(SystemdError, match=B):
        call(found, "start", [A, B], singly=True)
    assert found.units()[A].is_up


def test_apply_in_quick_succession() -> None:
    """A service that was restarted too often by hand is restarted once more; it is no reason to take the change back."""
    world = World()
    world.apply({A: TEXT})
    world.machine.do("start", [A])
    world.machine.limited.add(A)
    world.machine.sleep(5)
    world.apply({A: TEXT.replace("/bin/a", "/bin/b")})
    assert "/bin/b" in world.machine.running[A]


def test_limit_of_its_own_crashes_is_not_forgiven() -> None:
    """A service that was started by this very call, and crashed until systemd had enough, is not asked for again."""
    found = machine(A)
    found.limited.add(A)
    found.begun[A] = 101.0
    with pytest.raises(SystemdError, match=A):
        call(found, "start", [A])
    assert found.calls == [f"start {A}"]
