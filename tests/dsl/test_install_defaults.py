"""The [Install] section that a kind brings, and what keeps it out."""

from collections.abc import Callable

import pytest

from mkunit import Automount, DropIn, Mount, Path, Service, Slice, Socket, Swap, Target, Timer, Unit
from mkunit.dsl.install import settle


def installs(*units: Unit, scope: str = "system") -> dict[str, list[str]]:
    """The lines of each unit's [Install], once the project is known."""
    settled = settle(units, scope)
    return {u.path: [f"{e.name}={e.value}" for e in u.entries if e.section == "Install"] for u in settled}


@pytest.mark.parametrize(
    ("builder", "name", "system", "user"),
    [
        (Service, "a", "multi-user.target", "default.target"),
        (Socket, "a", "sockets.target", "sockets.target"),
        (Timer, "a", "timers.target", "timers.target"),
        (Path, "a", "paths.target", "paths.target"),
        (Target, "a", "multi-user.target", "default.target"),
        (Mount, "/a", "local-fs.target", "default.target"),
        (Automount, "/a", "local-fs.target", "default.target"),
        (Swap, "/a", "swap.target", "default.target"),
    ],
)
def test_the_default_of_each_kind(builder: Callable[[str], Unit], name: str, system: str, user: str) -> None:
    """In system and in user scope."""
    unit = builder(name)
    assert installs(unit) == {unit.name: [f"WantedBy={system}"]}
    assert installs(unit, scope="user") == {unit.name: [f"WantedBy={user}"]}


def test_a_slice_has_none() -> None:
    """It is there when something is in it; nor has a drop-in one."""
    assert installs(Slice("a"), DropIn("a.service")) == {"a.slice": [], "a.service.d/50-mkunit.conf": []}


def test_the_scope_of_a_unit_is_stronger_than_the_projects() -> None:
    """Its default follows it."""
    unit = Service("a", scope="user")
    assert installs(unit) == {"a.service": ["WantedBy=default.target"]}
    assert settle([unit], "system")[0].scope == "user"
    assert settle([Service("b")], "user")[0].scope == "user"


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"wanted_by": []}, []),
        ({"wanted_by": ()}, []),
        ({"required_by": []}, []),
        ({"wanted_by": "graphical.target"}, ["WantedBy=graphical.target"]),
        ({"wanted_by": ["a.target", Target("b")]}, ["WantedBy=a.target b.target"]),
        ({"required_by": "a.target"}, ["RequiredBy=a.target"]),
        ({"upheld_by": "a.target"}, ["UpheldBy=a.target"]),
        ({"wanted_by": None}, ["WantedBy=multi-user.target"]),
        ({"also": "b.service"}, ["Also=b.service", "WantedBy=multi-user.target"]),
        ({"alias": "b.service"}, ["Alias=b.service", "WantedBy=multi-user.target"]),
        ({"extra": [("Install", "WantedBy", "x.target")]}, ["WantedBy=x.target"]),
    ],
    ids=repr,
)
def test_what_the_user_says_wins(keywords: dict[str, object], expected: list[str]) -> None:
    """The default stands only where nothing was said, or None; other lines of the section leave it alone."""
    assert installs(Service("a", **keywords)) == {"a.service": expected}


@pytest.mark.parametrize(
    "starter",
    [
        Socket("api"),
        Timer("api"),
        Path("api"),
        Socket("web", activates="api"),
        Timer("web", activates="api"),
        Path("web", activates=Service("api")),
        Timer("web", unit="api.service"),
        Socket("web", service="api.service"),
        Socket("api", wanted_by=[]),
    ],
    ids=str,
)
def test_what_another_unit_starts_is_not_started_by_itself(starter: Unit) -> None:
    """A service that a socket, timer or path of the project starts has no [Install] of its own unless asked."""
    assert installs(Service("api"), starter)["api.service"] == []
    assert installs(Service("api", wanted_by="x.target"), starter)["api.service"] == ["WantedBy=x.target"]


def test_templates_that_are_started() -> None:
    """An accepting socket starts instances of its template, and a template socket those of its service."""
    assert installs(Service("api@"), Socket("api", accept=True))["api@.service"] == []
    assert installs(Service("api@"), Socket("api@"))["api@.service"] == []
    assert installs(Service("api@"), Socket("api"))["api@.service"] == ["WantedBy=multi-user.target"]


def test_scopes_are_worlds_of_their_own() -> None:
    """A user's timer does not start the system's service."""
    assert installs(Service("api"), Timer("api", scope="user"))["api.service"] == ["WantedBy=multi-user.target"]


def test_a_drop_in_starts_nothing() -> None:
    """The socket that it is for is not of the project."""
    assert installs(Service("api"), DropIn("api.socket", backlog=5))["api.service"] == ["WantedBy=multi-user.target"]


def test_what_an_automount_mounts_is_mounted_when_it_is_wanted() -> None:
    """The mount has no [Install]; the automount has."""
    assert installs(Mount("/a", what="/dev/x"), Automount("/a")) == {
        "a.mount": [], "a.automount": ["WantedBy=local-fs.target"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"type": "ext4"}, "local-fs.target"),
        ({"type": "nfs"}, "remote-fs.target"),
        ({"type": "nfs4"}, "remote-fs.target"),
        ({"type": "cifs"}, "remote-fs.target"),
        ({"type": "fuse.sshfs"}, "remote-fs.target"),
        ({"type": "ext4", "options": "noatime,_netdev"}, "remote-fs.target"),
    ],
    ids=repr,
)
def test_mounts_that_need_the_network(keywords: dict[str, object], expected: str) -> None:
    """They belong to remote-fs.target, and so does the automount of the same path."""
    mount = Mount("/a", what="x", **keywords)
    assert installs(mount) == {"a.mount": [f"WantedBy={expected}"]}
    assert installs(mount, Automount("/a"))["a.automount"] == [f"WantedBy={expected}"]


def test_no_other_directive_is_invented() -> None:
    """What the user said, a description, and the section."""
    (unit,) = settle([Service("a", exec_start="/x")], "system")
    assert [(e.section, e.name) for e in unit.entries] == [
        ("Unit", "Description"), ("Service", "ExecStart"), ("Install", "WantedBy"),
    ]  # fmt: skip


def test_settling_twice_changes_nothing() -> None:
    """A settled project is settled."""
    once = settle([Service("a"), Socket("a"), Service("b", wanted_by=[])], "system")
    assert settle(once, "system") == once
