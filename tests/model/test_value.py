"""Nouns for data: each knows the text by which systemd reads it back."""

import pytest

from mkunit.model.address import Address
from mkunit.model.value import Command, Literal, Raw, assignment


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (Command(("/bin/x",)), "/bin/x"),
        (Command(("/bin/x", "a b", "100%", "$x", "")), '/bin/x "a b" 100%% $$x ""'),
        (Command(("/bin/x", Raw("%h $x"))), '/bin/x "%h $x"'),
        (Command(("/bin/x", "$x"), expand=False), ":/bin/x $x"),
        (Command(("/bin/x",), ignore_failure=True), "-/bin/x"),
        (Command(("/bin/x",), full_privileges=True), "+/bin/x"),
        (Command(("/bin/x",), no_setuid=True), "!/bin/x"),
        (Command(("/bin/x",), ambient=True), "!!/bin/x"),
        (Command(("x",), login_shell=True), "|x"),
        (Command(("/bin/x", "a"), argv0="-x y"), '@/bin/x "-x y" a'),
        (Command(("/bin/x y",), ignore_failure=True), '"-/bin/x y"'),
        (Command(("/bin/%x",)), "/bin/%%x"),
        (Command(("/bin/$x", "a")), "@/bin/$x /bin/$$x a"),
        (Command(("/bin/$x", "a"), expand=False), ":/bin/$x a"),
        (Command(("/x",), ignore_failure=True, expand=False, argv0="a", full_privileges=True), "-:@+/x a"),
    ],
    ids=str,
)
def test_a_command_line(command: Command, expected: str) -> None:
    """Prefixes come first, each argument is one word, and nothing is left for systemd to expand but `raw()`."""
    assert str(command) == expected
    assert command.spelled("exec", expands=True) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("b", "A=b"),
        ("", "A="),
        ("b c", '"A=b c"'),
        ("1%", "A=1%%"),
        ("$x", "A=$x"),
        ("x\ny", '"A=x\\ny"'),
        (Raw("%h"), "A=%h"),
        (Literal("%h"), "A=%%h"),
    ],
    ids=repr,
)
def test_an_assignment(value: str | Raw | Literal, expected: str) -> None:
    """One word, in quotes as a whole where the value needs them; `$` means nothing there."""
    assert assignment("A", value) == expected


def test_a_literal_knows_where_percent_signs_mean_something() -> None:
    """Only where systemd reads specifiers they are doubled."""
    assert Literal("100%").spelled("string", expands=True) == "100%%"
    assert Literal("100%").spelled("cpu_quota", expands=False) == "100%"


def test_commands_belong_in_commands() -> None:
    """Elsewhere the error says what to write."""
    with pytest.raises(TypeError, match="takes no command line: write its value as a str"):
        Command(("/x",)).spelled("string", expands=True)


def test_raw_and_addresses_are_no_values() -> None:
    """A `raw()` is a part of a value, and an address says by itself which directive it is."""
    with pytest.raises(TypeError, match=r"takes no raw\(\) by itself"):
        Raw("a").spelled("string", expands=True)
    with pytest.raises(TypeError, match="or use `listen`"):
        Address("ListenFIFO", "/f").spelled("socket_listen_fifo", expands=True)


def test_addresses_are_equal_by_what_they_say() -> None:
    """Not by the flag that they came from."""
    assert Address("ListenFIFO", "/f", "--listen-fifo") == Address("ListenFIFO", "/f")
    assert len({Address("ListenFIFO", "/f", "--listen-fifo"), Address("ListenFIFO", "/f")}) == 1
    assert Address("ListenFIFO", "/f") != Address("ListenSpecial", "/f")
    assert repr(Address("ListenFIFO", "/f")) == "Address('ListenFIFO', '/f')"
