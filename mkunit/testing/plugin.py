"""The pytest plugin: units reviewed as snapshots, asserted on, and run on the real systemd in throw-away machines.

pytest imports this in every project that has mkunit installed: nothing else is imported, and no project is loaded,
before a test asks for one of the fixtures.
"""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mkunit.testing.machine import Machine
    from mkunit.testing.plugin_files import Case, File
    from mkunit.testing.plugin_units import Units

REQUIRE = "MKUNIT_REQUIRE_MACHINE"  # where it is 1, a test whose machine cannot be booted fails
_MARKER = "machine: boots the real systemd in a throw-away machine (needs root and Linux namespaces)"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, as `--strict-markers` wants it."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what boots a machine, before pytest looks at the marks."""
    for item in items:
        if isinstance(item, pytest.Function) and "machines" in item.fixturenames:
            item.add_marker(pytest.mark.machine)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each unit file, or for each host of the project."""
    if "unit_file" in metafunc.fixturenames:
        from mkunit.testing.plugin_files import cases

        found = cases(metafunc.config, metafunc.definition.path)
        metafunc.parametrize("unit_file", found, ids=[case.id for case in found], indirect=True)
    elif "units" in metafunc.fixturenames:
        from mkunit.testing.plugin_units import hosts

        if names := hosts(metafunc.definition.path):
            metafunc.parametrize("units", names, indirect=True)


@pytest.fixture
def unit_file(request: pytest.FixtureRequest) -> "File":
    """One rendered file of the project; a test that takes it runs for each file, and for each host."""
    from mkunit.testing.plugin_files import File

    case: Case = request.param
    return File(case, request)


@pytest.fixture
def units(request: pytest.FixtureRequest) -> "Units":
    """The project's units by name; where it has hosts, a test that takes it runs for each."""
    from mkunit.testing.plugin_units import project

    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    case: Case | None = given.get("unit_file")
    host: str | None = case.host if case else given.get("units")
    return project(request.config, request.path).units(host)


@pytest.fixture
def assert_valid() -> Callable[..., None]:
    """`assert_valid(units, systemd=252)`: fails with all that systemd of that version would refuse, ignore or lose."""
    from mkunit.testing.plugin_units import assert_valid

    return assert_valid


@pytest.fixture(scope="session")
def machines() -> "type[Machine]":
    """The class that boots machines; where it cannot, tests skip, but with MKUNIT_REQUIRE_MACHINE=1 they fail."""
    from mkunit.testing.machine import Machine

    if reason := Machine.unavailable():
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return Machine


@pytest.fixture(scope="module")
def machine(machines: "type[Machine]") -> "Iterator[Machine]":
    """One machine, with the real systemd, for all tests of a module."""
    with machines() as booted:
        yield booted
