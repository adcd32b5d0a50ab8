"""The builders: a frozen unit each, collected while a load is under way, and everything that is wrong at once."""

import re
from pathlib import Path as FilePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mkunit
from mkunit import (
    Automount,
    DropIn,
    MkunitError,
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
    literal,
    param,
    raw,
)
from mkunit.dsl.collect import Load, current, loading
from mkunit.errors import Diagnostic, Severity
from mkunit.loader import load
from mkunit.renderer import text

BUILDERS = {
    "service": (Service, "a", "a.service"),
    "socket": (Socket, "a", "a.socket"),
    "timer": (Timer, "a", "a.timer"),
    "path": (Path, "a", "a.path"),
    "mount": (Mount, "/a", "a.mount"),
    "automount": (Automount, "/a", "a.automount"),
    "swap": (Swap, "/a", "a.swap"),
    "target": (Target, "a", "a.target"),
    "slice": (Slice, "a", "a.slice"),
    "drop-in": (DropIn, "a.service", "a.service"),
}


def lines(unit: Unit) -> list[str]:
    """What it sets, without its description."""
    return [f"{e.name}={e.value}" for e in unit.entries if e.name != "Description"]


def errors(caught: pytest.ExceptionInfo[MkunitError]) -> list[Diagnostic]:
    return list(caught.value.diagnostics)


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_builder_gives_a_unit(kind: str) -> None:
    """Of its kind, with the name that belongs to it."""
    builder, given, name = BUILDERS[kind]
    unit = builder(given)
    assert isinstance(unit, Unit)
    assert unit.name == name


@pytest.mark.parametrize("kind", BUILDERS)
def test_outside_a_load_nothing_else_happens(kind: str) -> None:
    """Two equal calls give equal units, and nobody keeps them."""
    builder, given, _ = BUILDERS[kind]
    first, second = (builder(given) for _ in range(2))
    assert first == second
    assert current() is None


@pytest.mark.parametrize("kind", BUILDERS)
def test_while_a_load_is_under_way_units_are_collected(kind: str) -> None:
    """In the order in which they were built."""
    builder, given, _ = BUILDERS[kind]
    with loading(Load()) as context:
        built = [Service("first"), builder(given)]
    assert context.units == built


def test_a_unit_that_is_wrong_is_not_collected() -> None:
    """Its error is all that there is of it."""
    with loading(Load()) as context, pytest.raises(MkunitError):
        Service("a", nice=100)
    assert context.units == []


def test_directives_stand_in_the_order_given() -> None:
    """Sugar is expanded in place, and the description comes first."""
    unit = Socket("a", backlog=5, listen=[80, "/run/a"], activates="b", after="x.target", socket_mode=0o600)
    assert [e.name for e in unit.entries] == [
        "Description", "Backlog", "ListenStream", "ListenStream", "Service", "After", "SocketMode",
    ]  # fmt: skip


def test_a_keyword_is_the_name_in_snake_case() -> None:
    """Digits and capitals in a row included."""
    unit = Service("a", ip_address_allow="any", umask="077", cpu_quota="5%", tty_path="/dev/tty1", nice=1)
    assert lines(unit) == ["IPAddressAllow=any", "UMask=077", "CPUQuota=5%", "TTYPath=/dev/tty1", "Nice=1"]


@pytest.mark.parametrize(
    ("builder", "keywords", "message", "hint"),
    [
        (Service, {"exec_stat": "/x"}, "`exec_stat` is not a directive of a service", "did you mean `exec_start`?"),
        (Service, {"exec_Start": "/x"}, "not a directive of a service", "did you mean `exec_start`?"),
        (Service, {"environmnet": {}}, "not a directive", "did you mean `environment`?"),
        (Socket, {"activate": "x"}, "not a directive of a socket", "did you mean `activates`?"),
        (Service, {"hardenning": "strict"}, "not a directive of a service", "did you mean `hardening`?"),
        (Service, {"scop": "user"}, "not a directive", "did you mean `scope`?"),
        (Automount, {"wombat": 1}, "not a directive of an automount", "use `extra=[(section, name, value)]`"),
        (Service, {"ExecStart": "/x"}, "`ExecStart` is spelled as in a unit file", "write `exec_start`"),
        (Service, {"IPAddressAllow": "any"}, "spelled as in a unit file", "write `ip_address_allow`"),
        (Service, {"listen_stream": 80}, r"a directive of a socket \(\[Socket\]\), not of a service",
         "set `listen_stream` on the socket that belongs to this unit"),
        (Service, {"ListenStream": 80}, r"a directive of a socket \(\[Socket\]\)", "set `listen_stream` on the socket"),
        (Socket, {"on_calendar": "daily"}, r"a directive of a timer \(\[Timer\]\)", "set `on_calendar` on the timer"),
        (Target, {"exec_start": "/x"}, r"a directive of a service \(\[Service\]\)", "on the service"),
        (Service, {"listen": [80]}, "`listen` is for a socket, not for a service", "give it to a socket"),
        (Target, {"activates": "x"}, "`activates` is for a socket or a timer or a path", "leave it out"),
        (Timer, {"hardening": "strict"}, "`hardening` is for a service, not for a timer", "give it to a service"),
        (Service, {"file": "x"}, "`file` is for a DropIn, not for a service", "give it to a DropIn"),
    ],
)  # fmt: skip
def test_an_unknown_keyword(builder: type, keywords: dict[str, object], message: str, hint: str) -> None:
    """The error says what was meant, or where the keyword belongs."""
    with pytest.raises(MkunitError, match=message) as caught:
        builder("/a" if builder is Automount else "a", **keywords)
    assert len(errors(caught)) == 1
    assert hint in str(errors(caught)[0].hint)


def test_a_drop_in_says_what_it_is() -> None:
    """Its errors do not call it a unit."""
    with pytest.raises(MkunitError, match="not a directive of a drop-in for a socket"):
        DropIn("a.socket", wombat=1)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """Each with the place, the unit and the directive, in the order of the keywords."""
    with pytest.raises(MkunitError) as caught:
        Service("a", nice=100, wombat=1, user="a b", restart=["no", "always"], description="a\nb")
    found = errors(caught)
    assert [d.directive for d in found] == ["Nice", None, "User", "Restart", "Description"]
    assert {d.unit for d in found} == {"a.service"}
    assert {d.severity for d in found} == {Severity.ERROR}
    assert all(d.hint for d in found)
    assert len({d.origin for d in found}) == 1


def test_the_place_is_that_of_the_call() -> None:
    """File and line of the caller, not of mkunit."""
    unit = Service("a")
    line = test_the_place_is_that_of_the_call.__code__.co_firstlineno + 2
    assert unit.origin == (__file__, line)
    with pytest.raises(MkunitError) as caught:
        Service("a", nice=100)
    assert errors(caught)[0].origin == (__file__, line + 4)


def test_the_place_of_a_word_is_that_of_its_call() -> None:
    """Words are wrong by themselves, before a builder sees them."""
    with pytest.raises(MkunitError) as caught:
        cmd("")
    assert errors(caught)[0].origin == (
        __file__,
        test_the_place_of_a_word_is_that_of_its_call.__code__.co_firstlineno + 3,
    )


def test_places_in_a_project(tmp_path: FilePath) -> None:
    """Relative to it; through a helper it is the helper's line, and the source is the units file that called it."""
    (tmp_path / "_shared.py").write_text("from mkunit import Service\n\n\ndef make(name):\n    return Service(name)\n")
    (tmp_path / "web.py").write_text("from _shared import make\n\nmake('a')\n")
    unit = load([tmp_path / "web.py"], Load(str(tmp_path))).units[0]
    assert (str(unit.origin), unit.source) == ("_shared.py:5", "web.py")
    assert text(unit).startswith("# Generated by mkunit from web.py\n")


@pytest.mark.parametrize("scope", ["system", "user"])
def test_a_scope_can_be_given(scope: str) -> None:
    """The unit has it; without one the project's default settles it later."""
    assert Service("a", scope=scope).scope == scope
    assert Service("a", scope=None).scope is None


@pytest.mark.parametrize("scope", ["usr", "System", 5, ""])
def test_there_are_two_scopes(scope: object) -> None:
    """Anything else is an error that names them."""
    with pytest.raises(MkunitError, match='write "system" or "user"'):
        Service("a", scope=scope)


def test_warnings_go_to_the_load() -> None:
    """A directive's old spelling builds, and is told."""
    with loading(Load()) as context:
        unit = Service("a", exec_start=cmd("/bin/echo", "a", ">", "b"))
    assert lines(unit) == ["ExecStart=/bin/echo a > b"]
    assert [(d.severity, d.unit) for d in context.warnings] == [(Severity.WARNING, "a.service")]


def test_the_public_face() -> None:
    """Every word is there, and nothing else pretends to be."""
    assert {getattr(mkunit, name) is not None for name in mkunit.__all__} == {True}
    assert set(mkunit.__all__) <= set(dir(mkunit))
    with pytest.raises(AttributeError, match="no attribute 'wombat'"):
        _ = mkunit.wombat


TEXTS = st.text(max_size=12) | st.text(st.sampled_from("\n\r\t\0\x0b\x85\u2028 =[]#;\\aZ%$\"'"), max_size=8)
FIELDS = {
    "a str": lambda t: Service("a", bus_name="a.b", syslog_identifier=t),
    "a description": lambda t: Service("a", description=t),
    "a literal": lambda t: Service("a", description=literal(t)),
    "a list": lambda t: Service("a", exec_start_pre=["/bin/a", t]),
    "a joined list": lambda t: Service("a", read_write_paths=["/a", t]),
    "a set": lambda t: Service("a", documentation={"man:a(1)", t}),
    "a path": lambda t: Service("a", working_directory=FilePath(f"/{t}".replace("\0", "\1"))),
    "paths": lambda t: Service("a", read_write_paths=[FilePath(f"/{t}".replace("\0", "\1"))]),
    "a variable's value": lambda t: Service("a", environment={"A": t}),
    "a variable's name": lambda t: Service("a", environment={t: "A"}),
    "a raw value": lambda t: Service("a", environment={"A": raw(t)}),
    "an argument": lambda t: Service("a", exec_start=cmd("/bin/a", t)),
    "a raw argument": lambda t: Service("a", exec_start=cmd("/bin/a", raw(t))),
    "argv[0]": lambda t: Service("a", exec_start=cmd("/bin/a", argv0=t)),
    "a program": lambda t: Service("a", exec_start=cmd(f"/{t}")),
    "an extra value": lambda t: Service("a", extra=[("Service", "X-A", t)]),
    "an extra name": lambda t: Service("a", extra=[("Service", f"X-{t}", "a")]),
    "an extra section": lambda t: Service("a", extra=[(f"X-{t}", "X-A", "a")]),
    "an extra directive": lambda t: Service("a", extra=[("Service", "SyslogIdentifier", t)]),
    "a name": lambda t: Service(t),
    "an instance": lambda t: Service(f"a@{t}"),
    "a mount's path": lambda t: Mount(f"/{t}"),
    "a drop-in's file": lambda t: DropIn("a.service", file=t),
    "an address": lambda t: Socket("a", listen=[t]),
    "a socket's path": lambda t: Socket("a", listen=[mkunit.unix(f"/{t}")]),
    "a queue": lambda t: Socket("a", listen=[mkunit.message_queue(f"/{t}")]),
    "a host": lambda t: Socket("a", listen=[mkunit.tcp(80, host=t)]),
    "a service to start": lambda t: Socket("a", activates=t),
    "a wanting unit": lambda t: Service("a", wanted_by=[t]),
    "a scope": lambda t: Service("a", scope=t),
    "a profile": lambda t: Service("a", hardening=t),
    "a parameter": lambda t: Service("a", description=param(t, t)),
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_text_adds_a_line(field: str) -> None:
    """Whatever is given, the file has the lines that were asked for and no more, or there is an error with a place."""

    @settings(max_examples=120, deadline=None, database=None, derandomize=True)
    @given(TEXTS)
    def check(given: str) -> None:
        try:
            unit = FIELDS[field](given)
        except MkunitError as error:
            assert all(d.origin and d.origin.path == __file__ for d in error.diagnostics)
            return
        except (ValueError, KeyError) as error:
            pytest.fail(f"{given!r} ends in {error!r}")
        file = text(unit)
        file.encode("utf-8")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", file)
        headings = len({e.section for e in unit.entries})
        assert len(file.splitlines()) == file.count("\n") == 1 + len(unit.entries) + headings + max(headings - 1, 0)
        expected = {f"{e.name}={e.value}" for e in unit.entries} | {f"[{e.section}]" for e in unit.entries}
        assert set(file.splitlines()[1:]) - {""} == expected
        assert not any(re.search(r"(?<!\\)(\\\\)*\\$", line) for line in file.splitlines())

    check()
