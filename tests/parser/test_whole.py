"""Units as wholes: what systemd refuses though each line is right, and from which version on."""

import pytest

from mkunit import Service, Socket
from mkunit.checker.whole import contradictions, incomplete
from mkunit.errors import Diagnostic, Severity
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit
from mkunit.parser import parse


def check(unit: Unit, systemd: int = 252) -> list[Diagnostic]:
    graph, target = Graph.of([unit]), Target(systemd)
    return [*incomplete(graph, target), *contradictions(graph, target)]


def whole(unit: Unit, systemd: int = 252) -> list[tuple[str, str | None]]:
    return [(found.code, found.directive) for found in check(unit, systemd)]


def unit(name: str, text: str, scope: str = "system") -> Unit:
    parsed = parse(text.encode(), name, name).unit
    return Unit(name, parsed.entries, parsed.origin, scope=scope)


START = "[Service]\nExecStart=/bin/a\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (START, []),
        ("[Unit]\n", [("incomplete-unit", None)]),
        ("[Unit]\nSuccessAction=reboot\n", []),
        ("[Unit]\nSuccessAction=none\n", [("incomplete-unit", None)]),
        ("[Service]\nExecStop=/bin/a\n", [("incomplete-unit", None)]),
        ("[Service]\nExecStop=/bin/a\nRemainAfterExit=yes\n", []),
        ("[Service]\nType=simple\nExecStop=/bin/a\nRemainAfterExit=yes\n", [("incomplete-unit", None)]),
        (f"{START}Type=dbus\n", [("contradiction", "Type")]),
        (f"{START}Type=dbus\nBusName=a.b\n", []),
        (f"{START}ExecStart=/bin/b\n", [("contradiction", "ExecStart")]),
        (f"{START}ExecStart=\nExecStart=/bin/b\n", []),
        (f"{START}ExecStart=/bin/b\nType=oneshot\n", []),
        (f"{START}Type=oneshot\nRestart=always\n", [("contradiction", "Restart")]),
        (f"{START}Type=oneshot\nRestart=on-success\n", [("contradiction", "Restart")]),
        (f"{START}Type=oneshot\nRestart=on-failure\n", []),
        (f"{START}Type=oneshot\nExitType=cgroup\n", [("contradiction", "ExitType")]),
        (f"{START}PAMName=a\nKillMode=process\n", [("contradiction", "KillMode")]),
        (f"{START}PAMName=a\nKillMode=mixed\n", []),
        (f"{START}KillMode=none\n", []),
        (f"{START}Type=oneshot\nRuntimeMaxSec=5\n", [("no-effect", "RuntimeMaxSec")]),
        (f"{START}RuntimeMaxSec=5\nRuntimeRandomizedExtraSec=1\n", []),
        (f"{START}RuntimeRandomizedExtraSec=1\n", [("no-effect", "RuntimeRandomizedExtraSec")]),
        (f"{START}RestartSteps=2\n", [("no-effect", "RestartSteps")]),
        (f"{START}RestartMaxDelaySec=2\n", [("no-effect", "RestartMaxDelaySec")]),
        (f"{START}RestartSteps=2\nRestartMaxDelaySec=2\n", []),
        (f"{START}USBFunctionStrings=/a\n", [("no-effect", "USBFunctionStrings")]),
    ],
)
def test_service(text: str, expected: list[tuple[str, str | None]]) -> None:
    """What systemd checks when it has read a service."""
    assert whole(unit("a.service", text)) == expected


LISTEN = "[Socket]\nListenStream=/run/a\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.timer", "[Timer]\nOnCalendar=daily\n", []),
        ("a.timer", "[Timer]\nPersistent=yes\n", [("incomplete-unit", None)]),
        ("a.timer", "[Timer]\nOnCalendar=daily\nOnBootSec=\n", [("incomplete-unit", None)]),
        ("a.timer", "[Timer]\nOnClockChange=no\n", [("incomplete-unit", None)]),
        ("a.timer", "[Timer]\nOnTimezoneChange=yes\n", []),
        ("a.timer", "[Timer]\nOnCalendar=daily\nUnit=a.service\nUnit=b.service\n", [("contradiction", "Unit")]),
        ("a.path", "[Path]\nMakeDirectory=yes\n", [("incomplete-unit", None)]),
        ("a.path", "[Path]\nDirectoryNotEmpty=/a\n", []),
        ("a.mount", "[Mount]\nWhere=/a\n", [("incomplete-unit", None)]),
        ("a.mount", "[Mount]\nWhat=x\n", []),
        ("a.mount", "[Mount]\nWhat=x\nWhere=/a/\n", []),
        ("a.mount", "[Mount]\nWhat=x\nWhere=/b\n", [("contradiction", "Where")]),
        ("a.mount", "[Mount]\nWhat=x\nPAMName=x\nKillMode=mixed\n", [("contradiction", "KillMode")]),
        ("dev-shm.mount", "[Mount]\nWhat=x\nWhere=/dev/shm\n", [("contradiction", "Where")]),
        ("a.automount", "[Automount]\nWhere=/b\n", [("contradiction", "Where")]),
        ("-.automount", "[Automount]\nWhere=/\n", [("contradiction", "Where")]),
        ("a.automount", "[Automount]\nExtraOptions=ro,direct\n", [("contradiction", "ExtraOptions")]),
        ("dev-a.swap", "[Swap]\nWhat=/dev/b\n", [("contradiction", "What")]),
        ("dev-a.swap", "[Swap]\nWhat=/dev/a\n", []),
        ("a.socket", LISTEN, []),
        ("a.socket", f"{LISTEN}Symlinks=/run/b\n", []),
        ("a.socket", f"{LISTEN}Symlinks=/run/b\nListenFIFO=/run/c\n", [("contradiction", "Symlinks")]),
        ("a.socket", "[Socket]\nListenStream=1\nSymlinks=/run/b\n", [("contradiction", "Symlinks")]),
        ("a.socket", f"{LISTEN}PAMName=x\nKillMode=mixed\n", [("contradiction", "KillMode")]),
    ],
)
def test_other_kinds(name: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    """The same for the other kinds."""
    assert whole(unit(name, text)) == expected


@pytest.mark.parametrize(
    ("name", "text", "before", "since"),
    [
        ("a.socket", f"{LISTEN}MaxConnections=0\n", 252, 257),
        ("a.socket", f"{LISTEN}Accept=yes\nDeferTrigger=yes\n", None, 258),
        ("a.service", f"{START}DynamicUser=yes\nWorkingDirectory=~\n", 252, 257),
        ("a.service", f"{START}PrivatePIDs=yes\nType=forking\n", 252, 257),
        ("a.service", f"{START}PrivatePIDs=yes\nPAMName=a\n", 252, 257),
        ("a.socket", f"{LISTEN}PrivatePIDs=yes\n", 252, 257),
        ("a.socket", f"{LISTEN}PAMName=a\nKillMode=mixed\n", 257, 252),
        ("a.service", f"{START}Type=oneshot\nRestartForceExitStatus=1\n", 257, 252),
        ("a.socket", f"{LISTEN}MaxConnections=0\nAccept=yes\n", None, 252),
    ],
)
def test_versions(name: str, text: str, before: int | None, since: int) -> None:
    """Some is refused by some versions only."""
    assert [code for code, _ in whole(unit(name, text), since)] == ["contradiction"]
    assert before is None or whole(unit(name, text), before) == []


def test_dynamic_user_of_a_user() -> None:
    """The user's systemd cannot make users."""
    text = f"{START}DynamicUser=yes\n"
    assert whole(unit("a.service", text, "user"), 257) == [("contradiction", "DynamicUser")]
    assert whole(unit("a.service", text), 257) == []


def test_drop_ins_are_no_wholes() -> None:
    assert whole(parse(b"[Service]\nType=dbus\n", "a.service", "a", "1.conf").unit) == []


def test_words() -> None:
    """Hints are written as their reader writes: a line in a unit file, a keyword in a units file."""
    plain = check(unit("a.service", f"{START}Type=oneshot\nRestart=always\n"))
    built = check(Service("a", exec_start="/bin/a", type="oneshot", restart="always"))
    assert [found.hint for found in (*plain, *built)] == ["write `Restart=on-failure`", 'write `restart="on-failure"`']


def test_severity() -> None:
    """What has no effect is a warning: the unit loads."""
    found = check(unit("a.service", f"{START}Type=oneshot\nRuntimeMaxSec=5\n"))
    assert [one.severity for one in found] == [Severity.WARNING]


def test_right_units_of_builders() -> None:
    assert whole(Socket("a", listen=[8080, "/run/a"])) == []
