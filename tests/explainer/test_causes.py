"""Why a unit runs, when it does, and what happens when it ends."""

import pytest

from mkunit.explainer.causes import Pull, of_graph, of_machine, ways
from mkunit.explainer.course import course, endings
from mkunit.explainer.settings import settings
from mkunit.model.graph import Graph
from mkunit.model.unit import Unit
from mkunit.parser import parse


def unit(name: str, text: str) -> Unit:
    return parse(text.encode(), name, name).unit


LOADED = {
    "web.service": {"TriggeredBy": ["web.socket"], "WantedBy": ["shop.target", "shop.target"]},
    "web.socket": {"WantedBy": ["sockets.target"]},
    "sockets.target": {"WantedBy": ["basic.target"]},
    "basic.target": {"RequiredBy": ["a.service", "multi-user.target"]},
    "a.service": {"WantedBy": ["graphical.target"]},
    "multi-user.target": {"RequiredBy": ["graphical.target"]},
    "shop.target": {},
    "ring.service": {"RequiredBy": ["gnir.service"]},
    "gnir.service": {"RequiredBy": ["ring.service"]},
}


def said(name: str) -> list[str]:
    return [way.text for way in ways(name, of_machine(LOADED), ["graphical.target"], lambda _: True)]


def test_the_boot_comes_first() -> None:
    """The shortest way up, by targets; what nothing starts is said to be so, and no unit is named twice."""
    above = "sockets.target ← basic.target ← multi-user.target"
    assert said("web.service") == [
        f"web.socket triggers it when somebody connects; that one is started by {above} ← graphical.target",
        "shop.target wants it; nothing starts that at boot",
    ]


def test_rings_end() -> None:
    """Units that require one another are no way to the boot."""
    assert said("ring.service") == ["gnir.service requires it; nothing starts that at boot"]


def test_nothing_pulls() -> None:
    assert said("a-lone.service") == []


def test_of_a_project() -> None:
    """Before it is installed, by what it says, and by systemd's own targets; what is nobody's is not judged."""
    graph = Graph.of(
        [
            unit("web.service", "[Service]\nExecStart=/bin/web\n"),
            unit("web.timer", "[Timer]\nOnBootSec=1\n[Install]\nWantedBy=timers.target\n"),
            unit("web.path", "[Path]\nPathExists=/a\n[Install]\nRequiredBy=their.target\n"),
        ]
    )
    found = ways(
        "web.service", of_graph(graph, "system"), ["default.target"], lambda name: bool(graph.get("system", name))
    )
    above = "timers.target ← basic.target ← multi-user.target"
    assert [way.text for way in found] == [
        f"web.timer triggers it at its times; that one is started by {above} ← default.target",
        "web.path triggers it when its paths change",
    ]
    assert found[0].pulls[0] == Pull("web.timer", "triggers")


def test_course() -> None:
    """Calendar expressions are left to systemd; all else is words."""
    text = "[Timer]\nOnCalendar=daily\nOnBootSec=5min\nOnBootSec=\nOnBootSec=1h\nPersistent=yes\nRandomizedDelaySec=10min\n"
    found = course(unit("a.timer", text))
    assert found.calendar == ()  # the empty line takes back what every trigger said before it
    assert found.words[0] == "1h after the boot"
    found = course(unit("a.timer", "[Timer]\nOnCalendar=daily\nPersistent=yes\nAccuracySec=1s\n"))
    assert found == (("daily",), (
        "a time that was missed is made up for at the next boot (Persistent=)",
        "up to 1s later, together with other timers (AccuracySec=)",
    ))  # fmt: skip
    assert course(unit("a.path", "[Path]\nPathModified=/a\n")).words == ("when /a is written to",)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("", ["it stays down (Restart=no)"]),
        ("Type=oneshot\n", ["done: that is what it is for (Type=oneshot)"]),
        ("Type=oneshot\nRemainAfterExit=yes\n", ["it counts as running on (RemainAfterExit=yes)"]),
        (
            "Restart=always\nRestartSec=2s\n",
            ["started again whenever it ends, after 2s (Restart=always)", "given up, and left failed, after 5 starts within 10s"],
        ),
    ],
)  # fmt: skip
def test_endings(lines: str, wanted: list[str]) -> None:
    assert list(endings(unit("a.service", f"[Service]\n{lines}"))) == wanted


def test_on_failure_is_an_ending() -> None:
    found = list(endings(unit("a.service", "[Unit]\nOnFailure=mail.service\n[Service]\n")))
    assert found[-1] == "mail.service is started when it fails"


def test_settings_have_places() -> None:
    """Lines that are there say where; defaults that matter say that they are such."""
    one = unit("a.service", "[Service]\nExecStart=/bin/a\nRestart=always\n")
    found = {row.name: (row.value, row.place) for row in settings(one, iter(one.entries))}
    assert found["Restart"] == ("always", "a.service:3")
    assert found["Type"] == ("simple", "")
    assert found["User"] == ("root", "")
    dynamic = unit("a.service", "[Service]\nDynamicUser=yes\n")
    assert "User" not in {row.name for row in settings(dynamic, iter(dynamic.entries))}
