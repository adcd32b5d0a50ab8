"""Units as Python: the file that is written builds the same units again, to the byte."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import mkunit
from mkunit import (
    DropIn,
    MkunitError,
    Mount,
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
    message_queue,
    netlink,
    raw,
    special,
    tcp,
    udp,
    unix,
    usb_function,
    vsock,
)
from mkunit.dsl.collect import Load
from mkunit.dsl.install import settle
from mkunit.loader import load
from mkunit.model.unit import Entry
from mkunit.renderer import source, text


def again(units: Sequence[Unit], scope: str = "system") -> tuple[Unit, ...]:
    """What a units file builds that was written from units."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "again.py")
        file.write_text(source.text(units), encoding="utf-8")
        context = load([file], Load(folder, systemd=9999, scope=scope))
        return settle(context.units, scope)


def files(units: Sequence[Unit]) -> list[tuple[str | None, str, str]]:
    """Scope, path and text of each, without the line that says where it comes from."""
    return [(unit.scope, unit.path, text(unit).partition("\n")[2]) for unit in units]


def assert_round_trip(*units: Unit, scope: str = "system") -> None:
    whole = settle(units, scope)
    assert files(again(whole, scope)) == files(whole), source.text(whole)


PLAIN = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=20).map(
    lambda found: found.rstrip("\\")
)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"), max_size=20)
NAMES = st.from_regex(r"[a-z:_\\.-][a-z0-9:_.-]{0,8}(@[a-z0-9-]{0,4})?", fullmatch=True)
VARIABLES = st.dictionaries(st.from_regex(r"[A-Z_][A-Z0-9_]{0,5}", fullmatch=True), ANY, max_size=4)
COMMANDS = st.builds(lambda words: cmd("/bin/x", *words), st.lists(ANY, max_size=4))
TARGETS = st.lists(st.sampled_from(["a.target", "b.target", "c.service"]), max_size=2)
COMMON = {
    "description": PLAIN.map(literal) | st.none() | st.just([]),
    "documentation": st.sampled_from([None, "man:x(1)", ["man:x(1)", "https://example.org/%%20"]]),
    "after": TARGETS,
    "condition_path_exists": st.lists(st.sampled_from(["/a", "!/b", "/c d"]), max_size=3),
    "wanted_by": st.none() | TARGETS | st.just("multi-user.target") | st.just("sockets.target"),
    "also": TARGETS,
    "alias": st.none() | st.just("other.service"),
    "extra": st.lists(
        st.tuples(st.sampled_from(["Unit", "Install", "X-Own"]), st.sampled_from(["X-A", "X-B"]), PLAIN), max_size=4
    ),
    "scope": st.sampled_from([None, "system", "user"]),
}
EXEC = {
    "user": st.none() | st.just("api"),
    "umask": st.none() | st.integers(0, 0o777).map(lambda mode: f"{mode:04o}") | st.sampled_from(["22", "077"]),
    "private_tmp": st.none() | st.booleans() | st.sampled_from(["true", "1"]),
    "nice": st.none() | st.integers(-20, 19),
    "environment": VARIABLES | st.sampled_from(["A=b C=d", ["A=1", "B=2"], {"H": raw("%h"), "L": literal("%h")}]),
    "limit_nofile": st.none() | st.integers(1, 9999) | st.just("1024:2048"),
    "read_write_paths": st.none() | st.sampled_from(["/a", ["/a", Path("/b c")]]),
    "state_directory_mode": st.sampled_from([None, 0o750, "750", "0750", "00750"]),
}
LISTENERS = st.sampled_from(
    [
        8080, "127.0.0.1:9000", "[::1]:9000", "/run/x y.sock", "@abstract", "%t/x.sock", "vsock:2:1234", "0x1F90",
        tcp(80, host="fe80::1%eth0"), udp(53), udp(53, host="127.0.0.1"), udp(53, host="::1"), udp(53, host="fe80::1%lo"),
        unix("/a", kind="datagram"), unix("/run/a:5", kind="datagram"), unix("/a", kind="seqpacket"), fifo("/f"),
        special("/dev/x"), netlink("route"), netlink("kobject-uevent", 1), message_queue("/q"),
        usb_function("/run/ffs"), vsock(1, cid=2),
    ]
)  # fmt: skip


def optional(**words: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Some of the keywords, in any order: that of the lines follows it."""

    @st.composite
    def some(draw: st.DrawFn) -> dict[str, object]:
        keywords = draw(st.lists(st.sampled_from(sorted(words)), unique=True))
        return {keyword: draw(words[keyword]) for keyword in keywords}

    return some()


COMMON_NO_INSTALL = {key: value for key, value in COMMON.items() if key != "alias"}
UNITS: dict[str, tuple[Callable[..., Unit], st.SearchStrategy[str], dict[str, st.SearchStrategy[object]]]] = {
    "service": (
        Service,
        NAMES,
        COMMON | EXEC | {"exec_start": st.lists(COMMANDS, max_size=3), "hardening": st.sampled_from([None, "strict"])},
    ),
    "socket": (
        Socket,
        NAMES,
        COMMON_NO_INSTALL
        | {
            "listen": st.lists(LISTENERS, max_size=4),
            "socket_mode": st.sampled_from([None, 0o660, 0o4777, "660"]),
            "accept": st.none() | st.booleans(),
            "service": st.sampled_from([None, "other.service", "x@y.service"]),
            "backlog": st.none() | st.integers(1, 4096),
        },
    ),
    "timer": (
        Timer,
        NAMES,
        COMMON_NO_INSTALL
        | {
            "on_calendar": st.lists(st.sampled_from(["daily", "*-*-* 4:00"]), max_size=2),
            "on_boot_sec": st.sampled_from([None, "5min", 90]),
            "unit": st.sampled_from([None, "other.service", "other.target", "x@y.service", "x@%i.service"]),
            "persistent": st.none() | st.booleans(),
        },
    ),
    "target": (Target, NAMES, COMMON_NO_INSTALL | {"allow_isolate": st.booleans()}),
    "slice": (
        Slice,
        st.from_regex(r"[a-z]{1,5}(-[a-z]{1,5})?", fullmatch=True),
        COMMON_NO_INSTALL | {"memory_max": st.sampled_from(["1G", "infinity"])},
    ),
    "mount": (
        Mount,
        PLAIN.map(lambda path: f"/{path}"),
        COMMON_NO_INSTALL | EXEC | {"what": st.just("/dev/sda1"), "type": st.sampled_from(["ext4", "nfs", "cifs"])},
    ),
    "swap": (
        Swap,
        PLAIN.map(lambda path: f"/{path}"),
        COMMON_NO_INSTALL | {"priority": st.integers(0, 10), "options": st.sampled_from([None, "discard"])},
    ),
}  # fmt: skip


def build(builder: Callable[..., Unit], name: str, words: dict[str, object]) -> Unit | None:
    """The unit, or nothing where the builder refuses what was drawn."""
    try:
        return builder(name, **words)
    except MkunitError:
        return None


@pytest.mark.parametrize("kind", UNITS)
def test_a_unit_of_any_kind_comes_back(kind: str) -> None:
    """A unit's file is the same after a way through Python, whatever was set and in whichever order."""
    builder, names, words = UNITS[kind]
    built = 0

    @settings(max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(names, optional(**words))
    def check(name: str, chosen: dict[str, object]) -> None:
        nonlocal built
        if unit := build(builder, name, chosen):
            built += 1
            assert_round_trip(unit)

    check()
    assert built > 30


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(optional(**COMMON_NO_INSTALL, **EXEC, exec_start=st.lists(COMMANDS | st.just(""), max_size=3)))
@example({"exec_start": ["", cmd("/x")], "environment": []})
@example({"read_write_paths": ["", "/a"]})
def test_a_drop_in_comes_back(words: dict[str, object]) -> None:
    """Resets included, and the name of its file."""
    words.pop("wanted_by", None)
    for file in (None, "99-last.conf"):
        if unit := build(DropIn, "web@.service", words | {"file": file}):
            assert_round_trip(unit)


@pytest.mark.parametrize("scope", ["system", "user"])
def test_a_project_comes_back(scope: str) -> None:
    """What starts what decides on [Install], and still does after the way through Python."""
    api = Service("api", exec_start="/bin/api")
    own = Service("own", exec_start="/bin/own", wanted_by="multi-user.target")
    assert_round_trip(
        api, own, Service("free", exec_start="/x"), Service("none", exec_start="/x", wanted_by=[]),
        Socket("api", listen=80, activates=api), Socket("other", listen=81, activates=own), Target("t", wanted_by=[]),
        Mount("/mnt/a b", what="host:/x", type="nfs"), scope=scope,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Socket("web", listen=[8080, udp(53, host="::1")]), 'Socket("web", listen=[8080, udp(53, host="::1")])'),
        (Socket("web", listen=80, activates="api"), 'Socket("web", listen=[80], activates="api.service")'),
        (Service("a", exec_start="/x", private_tmp=True), 'Service("a", exec_start="/x", private_tmp=True)'),
        (Service("a", environment={"A": "b c", "D": "1%"}), 'Service("a", environment={"A": "b c", "D": "1%"})'),
        (Service("a", umask=0o027), 'Service("a", umask=0o27)'),
        (Service("a", umask="0026"), 'Service("a", umask="0026")'),
        (Service("a", wanted_by=[]), 'Service("a", wanted_by=[])'),
        (Service("a", nice=-5, tasks_max=9), 'Service("a", nice=-5, tasks_max=9)'),
        (Service("a", scope="user"), 'Service("a", scope="user")'),
        (Service("a", description="it's \"a\""), 'Service("a", description="it\'s \\"a\\"")'),
        (Mount("/mnt/a b", what="/dev/x"), 'Mount("/mnt/a b", what="/dev/x")'),
        (DropIn("a.service", exec_start=["", "/x"]), 'DropIn("a.service", exec_start=["", "/x"])'),
        (DropIn("a.socket", listen=["", 80]), 'DropIn("a.socket", listen=["", 80])'),
        (DropIn("a.service", file="9.conf", user="a"), 'DropIn("a.service", file="9.conf", user="a")'),
        (Service("a", extra=[("Unit", "X-A", "b")]), 'Service("a", extra=[("Unit", "X-A", "b")])'),
    ],
    ids=lambda given: given.name if isinstance(given, Unit) else "",
)  # fmt: skip
def test_it_reads_as_a_person_would_have_written_it(unit: Unit, expected: str) -> None:
    """Sugar where there is sugar, defaults left out, double quotes, one line where it fits."""
    assert source.text(settle([unit], "system")).split("\n\n", 1)[1] == f"{expected}\n"


def test_long_calls_are_broken() -> None:
    """A call that does not fit into a line has an argument in each."""
    unit = Service("a", exec_start="/bin/" + "x" * 60, exec_stop="/bin/" + "y" * 60)
    assert source.text([unit]).splitlines()[2:] == [
        "Service(", '    "a",', f'    exec_start="/bin/{"x" * 60}",', f'    exec_stop="/bin/{"y" * 60}",', ")",
    ]  # fmt: skip


def test_it_imports_what_it_uses_and_no_more() -> None:
    """A word in a text is no reason to import it."""
    units = [Socket("a", listen=[fifo("/f")], description="unix(7) and udp(7)"), Service("b")]
    assert source.text(units).partition("\n")[0] == "from mkunit import Service, Socket, fifo"
    assert all(hasattr(mkunit, name) for name in ("Service", "Socket", "fifo"))


def test_lines_that_no_keyword_makes_are_extra() -> None:
    """Lines as only a plain unit file has them are kept as they are."""
    lines = (
        Entry("Unit", "Description", "x"), Entry("Unit", "After", "a.target"), Entry("Unit", "After", "b.target"),
        Entry("Service", "Type", "simple"), Entry("Service", "Type", "oneshot"), Entry("Service", "X-Own", ""),
    )  # fmt: skip
    assert_round_trip(Unit("a.service", lines))
