"""`hardening=`: a profile's directives, each of which the unit's own keywords override."""

import pytest

from mkunit import DropIn, MkunitError, Service, Unit, catalog
from mkunit.dsl.collect import Load, loading

PROFILES = {
    row[0]: [tuple(r[1:]) for r in catalog.rows("profiles.tsv") if r[0] == row[0]]
    for row in catalog.rows("profiles.tsv")
}


def lines(unit: Unit) -> list[tuple[str, str]]:
    return [(e.name, e.value) for e in unit.entries if e.section == "Service"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_stands_for_its_directives(profile: str) -> None:
    """All of them, in the order of the table, in a service and in a drop-in for one."""
    assert lines(Service("a", hardening=profile)) == PROFILES[profile]
    assert lines(DropIn("a.service", hardening=profile)) == PROFILES[profile]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("systemd", [249, 252, 257])
def test_a_profile_has_what_that_systemd_knows(profile: str, systemd: int) -> None:
    """For an older one, newer directives are left out, and no error comes of it."""
    with loading(Load(systemd=systemd)):
        found = dict(lines(Service("a", hardening=profile)))
    for name, value in PROFILES[profile]:
        row = catalog.lookup("Service", name)
        assert row is not None
        assert found.get(name) == (value if row.since <= systemd else None)


@pytest.mark.parametrize("first", [True, False])
def test_the_units_own_keywords_win(first: bool) -> None:
    """Wherever they stand; the profile's line is not there at all."""
    own = {"protect_home": "read-only", "umask": 0o22}
    unit = Service("a", **own, hardening="strict") if first else Service("a", hardening="strict", **own)
    assert [line for line in lines(unit) if line[0] in ("ProtectHome", "UMask")] == [
        ("ProtectHome", "read-only"), ("UMask", "0022"),
    ]  # fmt: skip


def test_a_directive_of_a_profile_can_be_left_out() -> None:
    """By None."""
    assert "ProtectHome" not in dict(lines(Service("a", hardening="strict", protect_home=None)))


def test_it_is_expanded_in_place() -> None:
    """What stands before it and after it stays there."""
    names = [name for name, _ in lines(Service("a", exec_start="/x", hardening="basic", nice=1))]
    assert (names[0], names[-1], len(names)) == ("ExecStart", "Nice", len(PROFILES["basic"]) + 2)


def test_no_profile() -> None:
    """None is as if it were not given."""
    assert lines(Service("a", hardening=None)) == []


@pytest.mark.parametrize(
    ("given", "hint"),
    [("strct", "did you mean 'strict'?"), ("Strict", "did you mean 'strict'?"), ("wombat", "write one of basic"), (5, "write one of"), (True, "write one of"), (["basic"], "basic")],
)  # fmt: skip
def test_what_is_no_profile(given: object, hint: str) -> None:
    """The hint has the one that was meant, or all."""
    with pytest.raises(MkunitError, match="which is no profile") as caught:
        Service("a", hardening=given)
    assert hint in str(caught.value.diagnostics[0].hint)
