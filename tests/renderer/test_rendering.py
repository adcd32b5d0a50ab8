"""Unit files as systemd and a reviewer read them: each kind as a snapshot, and the shape of all of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path as FilePath

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from mkunit import (
    Automount,
    DropIn,
    Mount,
    Path,
    Service,
    Slice,
    Socket,
    Swap,
    Target,
    Timer,
    Unit,
    cmd,
    fifo,
    literal,
    tcp,
    udp,
    unix,
)
from mkunit.dsl.collect import Load
from mkunit.dsl.install import settle
from mkunit.loader import load
from mkunit.model.graph import Graph
from mkunit.model.unit import Entry
from mkunit.renderer import render, text
from mkunit.testing.machine import Machine

EXAMPLE = """\
# units/web.py
from mkunit import Service, Socket, Timer, cmd, unix

api = Service(
    "api",
    exec_start=cmd("/usr/bin/gunicorn", "app:app", "--access-logformat", "100% of $reqs"),
    user="api",
    state_directory="api",
    environment={"GREETING": "hello world", "PORT": "8080"},
    restart="on-failure",
    hardening="strict",
)

Socket("api", listen=[8080, unix("/run/api/api.sock")], socket_mode=0o660, socket_group="www-data", activates=api)

backup = Service("backup", type="oneshot", exec_start="/usr/local/bin/backup --all")
Timer("backup", on_calendar="daily", persistent=True, activates=backup, after=[api])
"""


class UnitSnapshot(SingleFileSnapshotExtension):
    """A file for each snapshot, whose suffix is the unit's."""

    _write_mode = WriteMode.TEXT

    @classmethod
    def of(cls, path: str) -> type["UnitSnapshot"]:
        return type(cls.__name__, (cls,), {"file_extension": path.rpartition(".")[2]})


def service() -> Unit:
    return Service(
        "web@",
        description=literal("Serves 100% of it"),
        documentation=["man:web(8)", "https://example.org/web"],
        after=["network-online.target", Service("db")],
        wants={"b.service", "a.service"},
        type="notify",
        exec_start_pre=["-/bin/rm -f /run/web.pid", cmd("/bin/mkdir", "-p", "/run/my web", full_privileges=True)],
        exec_start=cmd("/usr/bin/web", "--name", "it's $HOME", "100%", ""),
        environment={"GREETING": "hello world", "EMPTY": ""},
        timeout_start_sec=timedelta(minutes=1, seconds=30),
        restart="on-failure",
        restart_sec=0.5,
        umask=0o027,
        read_write_paths=[FilePath("/srv/my web"), "/var/log"],
        private_tmp=True,
        extra=[("Service", "X-Vendor", "value"), ("X-Own", "Key", "value")],
        default_instance="main",
    )


KINDS: dict[str, Callable[[], Unit]] = {
    "service": service,
    "socket": lambda: Socket(
        "web",
        listen=[8080, unix("/run/web/a b.sock"), tcp(443, host="::1"), udp(53), fifo("/run/web.pipe")],
        socket_mode=0o660,
        backlog=128,
        activates="api",
    ),
    "accepting": lambda: Socket("echo", listen=unix("@echo", kind="seqpacket"), accept=True, max_connections=16),
    "timer": lambda: Timer("backup", on_calendar=["daily", "Mon *-*-* 4:00"], persistent=True, activates="backup@all"),
    "path": lambda: Path("spool", directory_not_empty="/var/spool/app", make_directory=True),
    "mount": lambda: Mount("/mnt/my data", what="server:/x", type="nfs", options="noatime,nofail"),
    "automount": lambda: Automount("/mnt/100%", timeout_idle_sec="10min"),
    "swap": lambda: Swap("/swapfile", priority=10),
    "target": lambda: Target("shop", wants=["a.service", "b.service"], allow_isolate=True),
    "slice": lambda: Slice("shop-web", memory_max="2G", cpu_weight=50),
    "drop-in": lambda: DropIn(
        "nginx.service", exec_start=["", cmd("/usr/sbin/nginx", "-g", "daemon off;")], environment={}, after=["a.target"],
        file="50-limits.conf", memory_max="1G",
    ),
    "user": lambda: Service("tidy", exec_start="/bin/tidy %h", scope="user"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_each_kind(kind: str, snapshot: SnapshotAssertion) -> None:
    """Defaults, sugar, quoting and sections as they were agreed to."""
    (unit,) = settle([KINDS[kind]()], "system")
    assert text(unit) == snapshot(extension_class=UnitSnapshot.of(unit.path))


def example(folder: FilePath) -> dict[str, str]:
    (folder / "units").mkdir(exist_ok=True)
    (folder / "units" / "web.py").write_text(EXAMPLE, encoding="utf-8")
    context = load([folder / "units" / "web.py"], Load(str(folder)))
    files = render(Graph.of(settle(context.units, "system")))
    assert {file.source for file in files} == {"units/web.py"}
    return {file.path: file.text for file in files}


@pytest.mark.parametrize("path", ["api.service", "api.socket", "backup.service", "backup.timer"])
def test_the_first_example(path: str, tmp_path: FilePath, snapshot: SnapshotAssertion) -> None:
    """A service behind a socket, and a timer with its oneshot, from a units file as a user writes it."""
    assert example(tmp_path)[path] == snapshot(extension_class=UnitSnapshot.of(path))


def test_the_same_input_gives_the_same_bytes(tmp_path: FilePath) -> None:
    """In another folder too: nothing of the place, the time or the machine is in a file."""
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    assert example(tmp_path / "here") == example(tmp_path / "there")


@pytest.mark.parametrize("kind", KINDS)
def test_the_shape_of_a_file(kind: str) -> None:
    """A first line, sections with one blank line between them, and one newline at the end."""
    file = text(settle([KINDS[kind]()], "system")[0])
    assert re.fullmatch(r"# Generated by mkunit\n(\[[^\n]+\]\n([A-Z][A-Za-z-]*=[^\n]*\n)+\n?)+(?<!\n\n)", file)


def test_sections_stand_in_systemds_own_order() -> None:
    """Whatever the order of the lines; sections that systemd leaves to others come before the last."""
    lines = [
        ("Install", "WantedBy", "a.target"),
        ("X-Own", "Key", "1"),
        ("Service", "Nice", "1"),
        ("Unit", "After", "b.target"),
        ("Service", "User", "a"),
    ]
    unit = Unit("a.service", tuple(Entry(*line) for line in lines))
    assert text(unit) == (
        "# Generated by mkunit\n[Unit]\nAfter=b.target\n\n[Service]\nNice=1\nUser=a\n\n"
        "[X-Own]\nKey=1\n\n[Install]\nWantedBy=a.target\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, "# Generated by mkunit\n"),
        ("units/web.py", "# Generated by mkunit from units/web.py\n"),
        ("units/é b.py", "# Generated by mkunit from units/é b.py\n"),
        ("units/a\n[Service].py", "# Generated by mkunit from units/a\\n[Service].py\n"),
        ("units/\udcff.py", "# Generated by mkunit from units/\\udcff.py\n"),
    ],
)
def test_the_first_line(source: str | None, expected: str) -> None:
    """It names the units file, and no name of a file adds a line."""
    assert text(Unit("a.service", source=source)) == expected


def test_files_are_in_order() -> None:
    """Of scope and path, with what a reader of the build wants to know of them."""
    units = settle([Service("b"), Service("a", scope="user"), DropIn("b.service"), Service("a")], "system")
    files = render(Graph.of(units), "web1")
    assert [(file.scope, file.path, file.name, file.host) for file in files] == [
        ("system", "a.service", "a.service", "web1"),
        ("system", "b.service", "b.service", "web1"),
        ("system", "b.service.d/50-mkunit.conf", "b.service", "web1"),
        ("user", "a.service", "a.service", "web1"),
    ]
    assert [file.source for file in files] == [None] * 4


def test_systemd_takes_them_without_a_word(machine: Machine) -> None:
    """Every file of the snapshots loads in the real systemd, which has nothing to say about any line."""
    units = [
        *settle([make() for kind, make in KINDS.items() if kind != "user"], "system"),
        Service("web", exec_start="/x"),
    ]
    paths = [f"/etc/systemd/system/{unit.path}" for unit in units]
    for unit, path in zip(units, paths, strict=True):
        machine.write(path, text(unit))
    machine.run("systemctl", "daemon-reload")
    names = [unit.name.replace("@.", "@x.") for unit in units if not unit.dropin]
    assert {name: machine.show(name, "LoadState")["LoadState"] for name in names} == dict.fromkeys(names, "loaded")
    assert [entry["MESSAGE"] for entry in machine.journal_config(paths)] == []
    (automount,) = (unit.name for unit in units if unit.kind == "automount")
    assert machine.show(automount, "Where") == {"Where": "/mnt/100%"}
