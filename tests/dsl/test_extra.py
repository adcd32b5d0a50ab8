"""`extra=`: lines that the catalogue does not know, in their sections."""

import pytest

from mkunit import DropIn, MkunitError, Service, Socket, Target, Unit, cmd, literal


def lines(unit: Unit) -> list[str]:
    return [f"[{e.section}] {e.name}={e.value}" for e in unit.entries if e.name != "Description"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("Service", "X-Vendor", "value"), ["[Service] X-Vendor=value"]),
        (("Service", "Wombat", "value"), ["[Service] Wombat=value"]),
        (("Unit", "X-A", "100% of %n"), ["[Unit] X-A=100% of %n"]),
        (("Install", "X-A", ""), ["[Install] X-A="]),
        (("X-Vendor", "Key", "value"), ["[X-Vendor] Key=value"]),
        (["Service", "X-A", 5], ["[Service] X-A=5"]),
        (("Service", "X-A", True), ["[Service] X-A=yes"]),
        (("Service", "X-A", None), []),
        (("Service", "X-A", ["a", "b"]), ["[Service] X-A=a", "[Service] X-A=b"]),
        (("Service", "X-A", literal("a")), ["[Service] X-A=a"]),
        (("Service", "ExecStart", cmd("/x", "a b")), ['[Service] ExecStart=/x "a b"']),
        (("Service", "Nice", 5), ["[Service] Nice=5"]),
    ],
    ids=repr,
)
def test_a_line(line: object, expected: list[str]) -> None:
    """Section, name and value; a directive that the catalogue knows is checked as its keyword would be."""
    assert lines(Service("a", extra=[line])) == expected
    assert lines(Service("a", extra=(line,))) == expected


def test_lines_keep_their_order_and_place() -> None:
    """They stand where `extra` stands among the keywords."""
    unit = Service("a", nice=1, extra=[("Service", "X-B", "1"), ("Service", "X-A", "2")], user="a")
    assert [e.name for e in unit.entries] == ["Description", "Nice", "X-B", "X-A", "User"]


def test_a_target_has_no_section_of_its_own() -> None:
    """Its sections are [Unit] and [Install]."""
    with pytest.raises(MkunitError, match="has the section 'Target', which a target does not have") as caught:
        Target("a", extra=[("Target", "X-A", "1")])
    assert caught.value.diagnostics[0].hint == "write one of Unit, Install, or a section that starts with `X-`"


def test_nothing_extra() -> None:
    """None and an empty list."""
    assert lines(DropIn("a.service", extra=None)) == lines(Service("a", extra=[])) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("X-A=b", "takes a list, not str"),
        ({"X-A": "b"}, "takes a list, not dict"),
        (5, "takes a list, not int"),
        ([("Service", "X-A")], "takes threes of section, name and value"),
        (["X-A=b"], "takes threes of section, name and value"),
        ([("Socket", "X-A", "b")], "has the section 'Socket', which a service does not have"),
        ([("service", "X-A", "b")], "has the section 'service'"),
        ([("X-a]\n[Service", "X-A", "b")], "has the section"),
        ([(5, "X-A", "b")], "has the section 5"),
        ([("Service", "X A", "b")], "has 'X A', which is no name of a directive"),
        ([("Service", "X=A", "b")], "has 'X=A'"),
        ([("Service", "[X", "b")], r"has '\[X'"),
        ([("Service", "#X", "b")], "has '#X'"),
        ([("Service", "", "b")], "has ''"),
        ([("Service", "X-A\n", "b")], r"has 'X-A\\n'"),
        ([("Service", 5, "b")], "has 5"),
        ([("Service", "X-A", "a\nb")], "`X-A=` in `extra` contains a line break"),
        ([("Service", "X-A", "a\\")], "`X-A=` in `extra` ends in"),
        ([("Service", "X-A", b"a")], "`X-A=` in `extra` takes no value of type bytes"),
        ([("Service", "Nice", 100)], "`Nice=` in `extra`: `100` is out of range"),
        ([("Service", "User", ["a", "b"])], "`User=` in `extra` takes one value"),
    ],
    ids=repr,
)
def test_what_is_no_line(given: object, message: str) -> None:
    """The error says which of the lines, and what is wrong with it."""
    with pytest.raises(MkunitError, match=message) as caught:
        Service("a", extra=given)
    assert all(d.hint for d in caught.value.diagnostics)


def test_all_lines_are_looked_at() -> None:
    """Not only those before the first that is wrong."""
    with pytest.raises(MkunitError) as caught:
        Socket("a", extra=[("Nope", "X-A", "a"), ("Socket", "X A", "a"), ("Socket", "X-A", "\0")])
    assert len(caught.value.diagnostics) == 3
