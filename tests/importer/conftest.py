"""A project for the tests of the command."""

from pathlib import Path

import pytest
from sandbox import Project


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    """An empty project."""
    return Project(tmp_path, capsys)
