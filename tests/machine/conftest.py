"""A machine for each module, made ready for projects, and a project for each test."""

import pytest
from bench import Project, prepare

from mkunit.testing.machine import Machine


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Machine:
    return prepare(machine)


@pytest.fixture
def project(prepared: Machine, request: pytest.FixtureRequest) -> Project:
    """A project of the test's own, which everybody may read; the units of other tests are other projects'."""
    return Project(prepared, request.node.name.removeprefix("test_").replace("_", "-").split("[")[0])
