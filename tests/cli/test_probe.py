"""`mkunit probe`: who answers at an address, and how quickly."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sandbox import Project


@pytest.fixture
def port() -> Iterator[int]:
    """A port whose owner says hello."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _serve(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            talk, _ = server.accept()
            talk.sendall(b"hello \x1b[2J\r\nmore")
            talk.close()


def test_help(project: Project) -> None:
    assert "examples:\n  mkunit probe 8080\n" in project.run("probe", "--help").out


def test_tcp(project: Project, port: int) -> None:
    """The process behind the port is this one; what it says is made safe for a terminal."""
    ended = project.run("probe", f"127.0.0.1:{port}")
    assert (ended.code, ended.err) == (0, "")
    assert f"127.0.0.1:{port} is answered by " in ended.out
    assert f"(pid {os.getpid()})" in ended.out
    assert "it says: hello \\x1b[2J\n" in ended.out


def test_json(project: Project, port: int) -> None:
    found = json.loads(project.run("probe", str(port), "--json").out)
    assert found["answers"] is True
    assert found["pid"] == os.getpid()
    assert 0 < found["milliseconds"] < 1000
    assert found["greeting"].startswith("hello")


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM])
def test_unix(project: Project, tmp_path: Path, kind: socket.SocketKind) -> None:
    """A Unix socket of each kind."""
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, kind) as server:
        server.bind(path)
        if kind != socket.SOCK_DGRAM:
            server.listen()
        ended = project.run("probe", path, "--wait", "0")
    assert ended.code == 0, ended.err
    assert f"{path} is answered by " in ended.out


def test_nobody(project: Project, tmp_path: Path) -> None:
    """Exit code 1, and why."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    ended = project.run("probe", str(free))
    assert (ended.code, ended.out) == (1, "")
    assert "connection refused" in ended.err
    assert "no such file" in project.run("probe", str(tmp_path / "none")).err


@pytest.mark.parametrize("address", ["", "x", "host:", "host:0", "host:70000", "/", "@"])
def test_no_address(project: Project, address: str) -> None:
    assert project.run("probe", address).code in (1, 2)


def test_wrong_flags(project: Project) -> None:
    assert project.run("probe", "80", "--timeout", "0").code == 2
    assert project.run("probe", "80", "--timeout", "soon").code == 2
