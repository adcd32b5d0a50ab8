"""What systemd does with each line, and what is said of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkunit.cli.validate import examine
from mkunit.errors import Severity
from mkunit.parser import Effect, Loaded, judge, merge, parse, read
from mkunit.parser.effects import effects


def lines(text: str, name: str = "a.service", systemd: int = 252) -> list[tuple[str, Effect]]:
    return [(line.entry.name, line.effect) for line in judge(parse(text.encode(), name, name).unit, systemd)]


def said(text: str, name: str = "a.service", systemd: int = 252) -> list[tuple[str, str | None]]:
    unit = parse(text.encode(), name, name).unit
    return [(found.code, found.hint) for line in judge(unit, systemd) for found in line.found]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[Service]\nProtectSytem=full\n", "did you mean `ProtectSystem=`?"),
        ("[Service]\nexecstart=/bin/a\n", "did you mean `ExecStart=`?"),
        ("[Service]\nStartLimitIntervalSec=10\n", "`StartLimitIntervalSec=` belongs in [Unit]"),
        ("[Service]\nWantedBy=a.target\n", "`WantedBy=` belongs in [Install]"),
        ("[Service]\nAftr=a.target\n", "did you mean `After=` in [Unit]?"),
        ("[Unit]\nExecStart=/bin/a\n", "`ExecStart=` belongs in [Service]"),
        ("[Service]\nListenStream=80\n", "`ListenStream=` belongs in [Socket] of a socket"),
        ("[Service]\nQwertyuiop=1\n", "leave it out, or call it `X-Qwertyuiop=` if it is meant for another program"),
    ],
)
def test_unknown(text: str, hint: str) -> None:
    """A directive that does not exist, or not here: the right section, or what was probably meant."""
    assert said(text) == [("unknown-directive", hint)]


@pytest.mark.parametrize(
    ("line", "systemd", "code", "effect"),
    [
        ("Type=deamon", 252, "bad-value", Effect.IGNORED),
        ("Environment=FOO A=b", 252, "bad-value", Effect.PARTLY),
        ("WorkingDirectory=rel", 252, "bad-value", Effect.FATAL),
        ("CapabilityBoundingSet=~CAP_SYS_ADMN", 252, "silent-loss", Effect.HOLDS),
        ("RestartSteps=3", 252, "newer-directive", Effect.IGNORED),
        ("RestartSteps=3", 254, None, Effect.HOLDS),
        ("Type=notify-reload", 252, "newer-value", Effect.IGNORED),
        ("Type=notify-reload", 257, None, Effect.HOLDS),
        ("CPUShares=100", 252, "deprecated-directive", Effect.HOLDS),
        ("CPUShares=100", 262, "removed-directive", Effect.IGNORED),
        ("StandardOutput=syslog", 252, "deprecated-value", Effect.HOLDS),
        ("X-Foo=1", 252, None, Effect.SKIPPED),
        ("Description=a\vb", 252, "unknown-directive", Effect.IGNORED),
        ("SyslogIdentifier=a\vb", 252, "control-character", Effect.HOLDS),
    ],
)
def test_effect(line: str, systemd: int, code: str | None, effect: Effect) -> None:
    """Taken, taken in part, ignored, or the end of the unit: by the systemd that is to read it."""
    text = f"[Service]\n{line}\n"
    assert [found[1] for found in lines(text, systemd=systemd)] == [effect]
    assert [found[0] for found in said(text, systemd=systemd)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "systemd", "hint"),
    [
        ("[Unit]\nConditionKernelVersion=>5\n", 252, None),
        ("[Unit]\nConditionKernelVersion=>5\n", 258, "write `ConditionVersion=`"),
        ("[Service]\nReadOnlyDirectories=/a\n", 252, "write `ReadOnlyPaths=`"),
        ("[Service]\nStartLimitInterval=5\n", 252, "write `StartLimitIntervalSec=` in [Unit]"),
        ("[Service]\nStartLimitBurst=5\n", 252, "write `StartLimitBurst=` in [Unit]"),
        ("[Unit]\nBindTo=a.service\n", 249, "write `BindsTo=`"),
    ],
)
def test_old_spellings(text: str, systemd: int, hint: str | None) -> None:
    """An old spelling is told where that systemd has the new one, with the section if it is another."""
    assert [found[1] for found in said(text, systemd=systemd)] == ([hint] if hint else [])


def test_unknown_sections_lines() -> None:
    """The lines of an unknown section are ignored without a word; its header was complained of."""
    assert lines("[Foo]\nA=b\n[X-Foo]\nA=b\n") == [("A", Effect.IGNORED), ("A", Effect.SKIPPED)]
    assert said("[Foo]\nA=b\n") == []


def test_drop_in_ends() -> None:
    """What stands below a fatal line of a drop-in is lost, which is said; what other files hold is not."""
    own = parse(b"[Service]\nExecStart=/bin/a\n", "a.service", "a.service").unit
    texts = [b"[Service]\nNoNewPrivileges=yes\nWorkingDirectory=rel\nUser=daemon\n", b"[Service]\nGroup=daemon\n"]
    more = [parse(text, "a.service", f"a.service.d/{i}.conf", f"{i}.conf").unit for i, text in enumerate(texts)]
    unit = merge(own, more)
    judged = judge(unit, 252)
    assert [line.effect for line in judged] == [Effect.HOLDS, Effect.HOLDS, Effect.FATAL, Effect.UNREAD, Effect.HOLDS]
    assert [found.code for line in judged for found in line.found] == ["bad-value", "lost-rest"]
    assert (
        judged[2].found[1].message
        == "systemd reads nothing below `WorkingDirectory=`: `a.service` starts without `User=`"
    )
    assert [e.name for e in read(unit, judged).entries] == ["ExecStart", "NoNewPrivileges", "Group"]


def test_whole_unit_goes_on() -> None:
    """In a unit's own file all lines are judged, and the fatal one says what it does."""
    unit = parse(b"[Service]\nUser=a/b\nType=deamon\n", "a.service", "a.service").unit
    found = [one for line in judge(unit, 252) for one in line.found]
    assert [one.code for one in found] == ["bad-value", "bad-value"]
    assert found[0].message.endswith("; systemd does not load the unit")


def test_severity() -> None:
    """What works is a warning, what is refused, ignored or lost an error."""
    unit = parse(b"[Service]\nReadOnlyDirectories=/a\nNice=x\n", "a.service", "a.service").unit
    assert [one.severity for line in judge(unit, 252) for one in line.found] == [Severity.WARNING, Severity.ERROR]


def test_many_unknown() -> None:
    """Guesses are dear, and end; the lines are told all the same."""

    def measure(count: int) -> float:
        unit = parse(b"[Service]\n" + b"".join(b"Key%d=1\n" % i for i in range(count)), "a.service", "a").unit
        start = time.process_time()
        assert len([one for line in judge(unit, 252) for one in line.found]) == count
        return time.process_time() - start

    half = min(measure(4000) for _ in range(2))
    assert min(measure(8000) for _ in range(2)) < 4 * half + 0.1


KEYS = [
    "Type",
    "ExecStart",
    "Environment",
    "After",
    "Nice",
    "WorkingDirectory",
    "OnCalendar",
    "ListenStream",
    "Where",
    "Foo",
]
VALUES = st.text(st.sampled_from("a/%\"'\\ =,~-+!@:;$0é\v") | st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(st.sampled_from(KEYS), VALUES), max_size=8), st.sampled_from(["service", "mount", "timer"]))
def test_any_values(pairs: list[tuple[str, str]], kind: str) -> None:
    """Whatever stands in a file, it is judged, as a whole too."""
    section = kind.capitalize()
    text = f"[{section}]\n" + "".join(f"{key}={value}\n" for key, value in pairs)
    parsed = parse(text.encode(), f"a.{kind}", f"a.{kind}")
    (report,) = examine([Loaded(f"a.{kind}", parsed.unit, (parsed,))], 252, "system")
    assert all(found.message for found in report.found)
    assert len(effects(judge(parsed.unit, 252))) == len(parsed.unit.entries)
