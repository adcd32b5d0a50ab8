"""The grammar of each type: every directive has one, and its examples are what it says they are."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mkunit import catalog
from mkunit.catalog.spec import Directive, Outcome
from mkunit.catalog.values import TYPES, check, describe

NEWEST = 262
LOSSES = {  # good to systemd, and not to mkunit
    "ReadWritePaths=/a,/b", "CapabilityBoundingSet=CAP_FOO", "CapabilityBoundingSet=CAP_CHOWN,CAP_KILL",
    "SecureBits=no-root", "IPAddressAllow=10.0.0.5/24", "OnCalendar=*-02-31", "Backlog=010", "ListenStream=010",
    "ExtensionDirectories=/a,/b", "DisableControllers=cpu foo", "User=no such", "ListenDatagram=010",
}  # fmt: skip


def each_type() -> Iterator[tuple[str, Directive]]:
    """One directive of each type."""
    seen = set()
    for section in ("Unit", "Service", "Socket", "Timer", "Path", "Mount", "Swap", "Slice", "Install"):
        for row in catalog.directives(section).values():
            if row.value not in seen:
                seen.add(row.value)
                yield section, row


@pytest.mark.parametrize("row", [row for _, row in each_type()], ids=lambda row: row.value)
def test_each_type_has_a_checker_and_a_grammar(row: Directive) -> None:
    """Only what has no effect any more has neither."""
    assert row.value in TYPES or row.value == "warn_compat"
    assert describe(row).line
    assert describe(row).good or row.value == "warn_compat"


@pytest.mark.parametrize("row", [row for _, row in each_type()], ids=lambda row: row.value)
def test_good_examples_are_good(row: Directive) -> None:
    """What systemd takes has no finding, but for what it takes in another sense, and for old words."""
    for value in describe(row).good:
        outcomes = {finding.outcome for finding in check(row, value, NEWEST)}
        odd = f"{row.name}={value}" in LOSSES or row.value.startswith(("condition_", "rlimit_"))
        allowed = {Outcome.DEPRECATED} | ({Outcome.LOST} if odd else set())
        assert outcomes <= allowed or value in TIMES, (row.name, value, check(row, value, NEWEST))


TIMES = frozenset(("1min30s", "10 5", "3 M", "1y", "foo:a:ro", "no such", "010"))


@pytest.mark.parametrize("row", [row for _, row in each_type() if not row.until], ids=lambda row: row.value)
def test_bad_examples_are_bad(row: Directive) -> None:
    """Each bad example has a finding, with a message and almost always a hint; what is gone from systemd has none."""
    for value in describe(row).bad:
        assert check(row, value, NEWEST), (row.name, value)
        assert all(finding.hint for finding in check(row, value, NEWEST) if finding.outcome is not Outcome.NEWER)


def test_an_unknown_type_has_no_findings() -> None:
    """A directive of a type that has no checker is let alone."""
    row = catalog.lookup("Service", "SysVStartPriority")
    assert row is not None
    assert check(row, "anything", 252) == ()


def test_examples_do_not_break_lines() -> None:
    """No example could add a line to a unit file."""
    for _, row in each_type():
        assert not re.search(r"[\n\r\0]", " ".join((*describe(row).good, *describe(row).bad)))


def test_importing_the_room_imports_no_grammar() -> None:
    """A grammar is imported when the first value of its type is judged."""
    code = (
        "import sys, mkunit.catalog.values as v\n"
        "print(sorted(m for m in sys.modules if m.startswith(v.__name__ + '.')))\n"
        "print('difflib' in sys.modules, 'ipaddress' in sys.modules)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split("\n")[:2] == ["['mkunit.catalog.values.asked']", "False False"]
