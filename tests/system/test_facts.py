"""Facts of this machine, for rules that ask."""

import socket
from pathlib import Path

from mkunit.system.facts import gather


def test_files(tmp_path: Path) -> None:
    """Whether they are there, may be run, and what a script begins with."""
    for name, text, mode in (("a.sh", "#!/bin/sh\r\necho\n", 0o755), ("b", "text\n", 0o644)):
        (tmp_path / name).write_bytes(text.encode())
        (tmp_path / name).chmod(mode)
    files = gather([str(tmp_path / "a.sh"), str(tmp_path / "b"), str(tmp_path), "/no/such", "/bin/sh"]).files
    assert files[str(tmp_path / "a.sh")].interpreter == "/bin/sh\r"
    assert files[str(tmp_path / "a.sh")].is_executable
    assert files[str(tmp_path / "b")][:4] == (True, False, False, False)
    assert files[str(tmp_path)].is_folder
    assert not files["/no/such"].is_there
    assert files["/bin/sh"].is_binary


def test_accounts_and_ports() -> None:
    """A port counts as taken while somebody listens on it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        facts = gather([])
        assert ("tcp", listener.getsockname()[1]) in facts.ports
    assert "root" in facts.users
    assert "root" in facts.groups
    assert set(facts.units) == set(facts.vendors) == {"system", "user"}
