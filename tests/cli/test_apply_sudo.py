"""sudo and a user's units: whose systemd is meant."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = "from mkunit import Service\nService('web', exec_start='/usr/bin/true', scope='user')\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is asked")
def test_sudo_is_asked_about(tmp_path: Path) -> None:
    """Root's own systemd is hardly ever meant: without a terminal the apply is refused, and nothing is written."""
    (tmp_path / "units").mkdir()
    (tmp_path / "units/web.py").write_text(UNITS)
    home = tmp_path / "home"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SUDO_USER": "sam", "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "mkunit", "-C", str(tmp_path), "apply", "--yes"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "sudo-user-scope" in done.stderr
    assert not home.exists()
