"""The effective settings: which lines win, which are taken back, and by what."""

import pytest

from mkunit.parser import judge, merge, parse
from mkunit.parser.effects import effects


def rows(text: str, name: str = "a.service") -> list[tuple[int, bool, str]]:
    judged = judge(parse(text.encode(), name, name).unit, 252)
    return [(row.entry.origin.line if row.entry.origin else 0, row.wins, row.text) for row in effects(judged)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Service]\nNice=1\nNice=2\n", ["replaced by line 3", "set"]),
        ("[Service]\nNice=1\nNice=x\n", ["set", "ignored: `x` is not a whole number"]),
        ("[Service]\nExecStartPre=/a\nExecStartPre=/b\n", ["added", "added"]),
        ("[Service]\nExecStart=/a\nExecStart=\nExecStart=/b\n", ["taken back by line 3", "takes back what is above", "added"]),
        ("[Service]\nUser=a\nUser=\n", ["taken back by line 3", "back to the default"]),
        ("[Service]\nEnvironment=A=b\nEnvironment=C=d\n", ["added", "added"]),
        ("[Service]\nCapabilityBoundingSet=\n", ["set to no capability at all"]),
        ("[Unit]\nConditionHost=a\nConditionUser=\n", ["taken back by line 3", "takes back what is above"]),
        ("[Unit]\nConditionHost=a\nAssertHost=\n", ["added", "takes back what is above"]),
        ("[Unit]\nAfter=a.service\nAfter=\n", ["added", "ignored: the empty After= has no effect: what was added stays"]),
        ("[Service]\nX-A=1\n", ["skipped: it is for other programs"]),
        ("[Foo]\nA=1\n", ["ignored: systemd does not know the section [Foo] here"]),
        ("[Service]\nWorkingDirectory=rel\n", ["systemd stops here: the path `rel` is not absolute; systemd does not load the unit"]),
        ("[Service]\nLoadCredential=a\nLoadCredentialEncrypted=\n", ["taken back by line 3", "takes back what is above"]),
    ],
)  # fmt: skip
def test_service(text: str, expected: list[str]) -> None:
    """What each line of a service does to its settings."""
    assert [row[2] for row in rows(text)] == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.socket", "[Socket]\nListenStream=1\nListenFIFO=\nListenStream=2\n", [False, True, True]),
        ("a.timer", "[Timer]\nOnCalendar=daily\nOnBootSec=\nOnClockChange=yes\n", [False, True, True]),
        ("a.timer", "[Timer]\nUnit=a.service\nUnit=b.service\n", [True, False]),
        ("a.path", "[Path]\nPathExists=/a\nDirectoryNotEmpty=\nUnit=a.service\n", [False, True, True]),
    ],
)
def test_shared_lists(name: str, text: str, expected: list[bool]) -> None:
    """Some directives share a list, which each of them empties; of the units that a timer names, the first counts."""
    assert [wins for _, wins, _ in rows(text, name)] == expected


def test_drop_in_wins() -> None:
    """A drop-in's line replaces the unit's own, and is named with its file."""
    own = parse(b"[Service]\nNice=1\n", "a.service", "a.service").unit
    more = parse(b"[Service]\nNice=2\n", "a.service", "a.service.d/1.conf", "1.conf").unit
    assert [row.text for row in effects(judge(merge(own, [more]), 252))] == ["replaced by a.service.d/1.conf:2", "set"]
