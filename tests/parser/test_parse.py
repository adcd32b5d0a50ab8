"""Unit files to units: sections, assignments, and systemd's complaints about the syntax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkunit import DropIn, Mount, Service, Socket, Timer, cmd
from mkunit.model.unit import Unit
from mkunit.parser import Parsed, parse
from mkunit.renderer import text


def read(data: str | bytes, name: str = "a.service", dropin: str | None = None) -> Parsed:
    return parse(data.encode() if isinstance(data, str) else data, name, name, dropin)


def lines(parsed: Parsed) -> list[tuple[str, str, str, int]]:
    return [(e.section, e.name, e.value, e.origin.line if e.origin else 0) for e in parsed.unit.entries]


def codes(parsed: Parsed) -> list[tuple[str, int]]:
    return [(found.code, found.origin.line if found.origin else 0) for found in parsed.diagnostics]


def test_sections_add_up() -> None:
    """A section may appear several times; its lines keep the order of the file."""
    found = read("[Unit]\nA=1\n[Service]\nB=2\n[Unit]\nC=3\n")
    assert lines(found) == [("Unit", "A", "1", 2), ("Service", "B", "2", 4), ("Unit", "C", "3", 6)]
    assert [(header.name, header.line) for header in found.headers] == [("Unit", 1), ("Service", 3), ("Unit", 5)]


def test_blanks() -> None:
    """Blanks around the name, the `=` and the value go; those within stay, and so do trailing comments."""
    found = read("[Unit]\n  Description \t=  a  b # c ; d \t\n")
    assert lines(found) == [("Unit", "Description", "a  b # c ; d", 2)]


def test_other_blanks_stay() -> None:
    """Only blanks, tabs and line ends are stripped."""
    assert lines(read("[Unit]\n\vA=\xa0b\f\n")) == [("Unit", "\vA", "\xa0b\f", 2)]


def test_places_of_continued_lines() -> None:
    """A line's place is where it starts; where systemd's log has another, that is kept too."""
    found = read("[Unit]\nA=1 \\\n# c\n 2\nB=3\n")
    assert lines(found)[0] == ("Unit", "A", "1   2", 2)
    assert (found.logged(2), found.logged(5)) == (4, 5)
    assert [(comment.line, comment.text) for comment in found.comments] == [(3, "# c")]


@pytest.mark.parametrize("header", ["[Unit", "[Unit] # c", '[Un"it]', "[Un'it]", "[Un\\it]", "[Un\x01it]", "["])
def test_bad_header(header: str) -> None:
    """A bad header, even as the last line, keeps the unit from loading; the other lines are read all the same."""
    found = read(f"[Service]\nA=1\n{header}\nB=2\nx\n")
    assert codes(found)[0] == ("bad-header", 3)
    assert found.broken
    assert ("missing-equals", 5) in codes(found)


@pytest.mark.parametrize(
    "bad", [b"[Unit", b"A=\xff", b"A=\xef\xbf\xbe", b"A=\xed\xa0\x80", b"A=\xef\xb7\x90", b"A=\xc0\x80"]
)
def test_drop_in_ends_at_what_is_fatal(bad: bytes) -> None:
    """In a drop-in, what stands above such a line holds, and nothing below it does."""
    found = read(b"[Service]\nA=1\n" + bad + b"\nB=2\nx\n", dropin="10.conf")
    assert [line[1] for line in lines(found)] == ["A"]
    assert [line for _, line in codes(found)] == [3]
    assert found.broken


def test_bad_bytes_in_comments() -> None:
    """Comments may hold any bytes."""
    found = read(b"[Unit]\n# \xff\nA=b\n")
    assert (codes(found), found.comments[0].text) == ([], "# \ufffd")


def test_unknown_section() -> None:
    """A section that the kind does not have is told once, at its header, and its lines without `=` are not."""
    found = read("[unit]\nA=b\nnonsense\n[Unit ]\n[Timer]\n[Nope]\n")
    assert codes(found) == [("unknown-section", line) for line in (1, 4, 5, 6)]
    assert [d.hint for d in found.diagnostics[:3]] == [
        "did you mean [Unit]?", "did you mean [Unit]?", "it belongs in the file of a timer, `a.timer`"
    ]  # fmt: skip


def test_own_section_of_a_target() -> None:
    """A target may have its own section, though there is nothing to put in it."""
    assert codes(read("[Target]\n[Unit]\n", "a.target")) == []


def test_other_programs_sections() -> None:
    """`[X-…]` is skipped with all that is in it, and kept."""
    found = read("[X-Foo]\nA=b\nnonsense\n=1\n")
    assert (codes(found), lines(found)) == ([], [("X-Foo", "A", "b", 2)])


def test_outside() -> None:
    """An assignment before any header is lost; after an unknown section, systemd says nothing."""
    found = read("A=b\n[Unit]\nB=c\n")
    assert (codes(found), lines(found)) == ([("outside-section", 1)], [("Unit", "B", "c", 3)])


def test_no_assignment() -> None:
    found = read("[Unit]\nfoo bar\n=x\n = y\n")
    assert codes(found) == [("missing-equals", 2), ("missing-key", 3), ("missing-key", 4)]


def test_hint_on_a_blank_after_a_backslash() -> None:
    """The line after a backslash with a blank behind it is no continuation; the hint says why."""
    found = read("[Service]\nExecStart=/bin/a \\ \n  --b\n")
    assert found.diagnostics[0].hint == "take away the blanks after the `\\` that ends the line above"


def test_injected_line() -> None:
    """What stands behind a NUL or a CR is a line of its own."""
    assert [line[1] for line in lines(read(b"[Service]\nA=1\0User=daemon\rGroup=x\n"))] == ["A", "User", "Group"]


def test_too_long() -> None:
    found = read(b"[Unit]\nA=b\n#" + b"x" * (1 << 20) + b"\nB=c\n")
    assert (codes(found), found.broken) == ([("line-too-long", 3)], True)


def test_odd_names() -> None:
    """No name of a unit makes it fail."""
    for name in ("", "a", "a.device", "x.nope", "a b.service"):
        assert lines(read("[Unit]\nA=b\n", name)) == [("Unit", "A", "b", 2)]


@given(st.binary(max_size=300), st.sampled_from([None, "10.conf"]))
def test_any_bytes(data: bytes, dropin: str | None) -> None:
    """Whatever a file holds, it is read."""
    found = parse(data, "a.service", "a.service", dropin)
    assert all(e.origin and 0 < e.origin.line <= len(found.lines) for e in found.unit.entries)
    assert all(d.origin and 0 < d.origin.line <= len(found.lines) for d in found.diagnostics)


PIECES = [
    "[Unit]",
    "[Service]",
    "[",
    "]",
    "=",
    "A",
    "ExecStart",
    " ",
    "\\",
    "\n",
    "\r",
    "\0",
    "#",
    ";",
    "%",
    '"',
    "é",
    "\ufeff",
    "\x85",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_pieces(data: str) -> None:
    """The same for what looks like a unit file."""
    found = read(data)
    assert all(not set(e.value) & set("\n\r\0") and e.value == e.value.strip(" \t") for e in found.unit.entries)
    assert list(found.last) == sorted(found.last)


VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30)


def same(unit: Unit) -> bool:
    """Whether a unit's file gives the same entries, and no complaint."""
    parsed = parse(text(unit).encode(), unit.name, unit.name, unit.dropin)
    order = {section: i for i, section in enumerate(dict.fromkeys(e.section for e in parsed.unit.entries))}
    wanted = sorted(unit.entries, key=lambda e: order[e.section])
    found = [(e.section, e.name, e.value) for e in parsed.unit.entries]
    return not parsed.diagnostics and found == [(e.section, e.name, e.value) for e in wanted]


@given(
    st.lists(VALUES.filter(str.strip), min_size=1, max_size=4),
    st.dictionaries(st.from_regex(r"[A-Z_]+", fullmatch=True), VALUES),
)
def test_round_trip(arguments: list[str], environment: dict[str, str]) -> None:
    """What the builders build and the renderer writes is read back the same."""
    assert same(Service("a", exec_start=cmd("/bin/echo", *arguments), environment=environment))


def test_round_trip_of_kinds() -> None:
    units = [
        Socket("a@", listen=[8080, "/run/a b.sock"], accept=True),
        Timer("t", on_calendar=["daily", "Mon *-*-* 10:00"], activates="a.service"),
        Mount("/mnt/my data", what="/dev/sda1"),
        DropIn("nginx.service", restart="always", after=["a.service"], exec_start=["", "/bin/nginx"], file="10.conf"),
    ]
    assert all(map(same, units))
