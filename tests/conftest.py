"""Fixtures for every room's tests: machines that run the real systemd."""

import os
from collections.abc import Iterator

import pytest

from mkunit.testing.machine import Machine


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what boots a machine, before pytest looks at the marks."""
    for item in items:
        if isinstance(item, pytest.Function) and "machines" in item.fixturenames:
            item.add_marker(pytest.mark.machine)


@pytest.fixture(scope="session")
def machines() -> type[Machine]:
    """The class that boots machines; where it cannot, tests skip, but never in CI nor with MKUNIT_REQUIRE_MACHINE=1."""
    if reason := Machine.unavailable():
        if os.environ.get("CI") or os.environ.get("MKUNIT_REQUIRE_MACHINE") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return Machine


@pytest.fixture(scope="module")
def machine(machines: type[Machine]) -> Iterator[Machine]:
    """One machine for all tests of a module."""
    with machines() as booted:
        yield booted
