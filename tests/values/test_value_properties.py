"""What holds for all values: numbers, sizes, spans, moments and words are read as systemd reads them."""

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkunit import catalog
from mkunit.catalog.spec import Directive, Outcome
from mkunit.catalog.values import TYPES, check
from mkunit.catalog.values.addresses import quad, six
from mkunit.catalog.values.calendar import CalendarError, parse
from mkunit.catalog.values.cron import translate
from mkunit.catalog.values.numbers import boolean, integer
from mkunit.catalog.values.sizes import permyriad, size
from mkunit.catalog.values.timespan import INFINITY, SECOND, UNITS, microseconds, nanoseconds
from mkunit.catalog.values.words import ESCAPED, PLAIN, QUOTED, WordError

ROWS = {
    row.value: row
    for section in ("Unit", "Service", "Socket", "Timer", "Path", "Mount", "Swap", "Slice", "Install")
    for row in catalog.directives(section).values()
}
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def row(section: str, name: str) -> Directive:
    """A directive that exists."""
    found = catalog.lookup(section, name)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", sorted(set(TYPES) & set(ROWS)))
@settings(max_examples=30, deadline=None)  # the first value of a type imports its grammar
@given(text=TEXT, version=st.sampled_from([249, 252, 257, 262]))
def test_any_text_is_judged_without_a_crash(kind: str, text: str, version: int) -> None:
    """Whatever stands there, there is an answer, and it is the same each time."""
    value = text.strip(" ")
    found = check(ROWS[kind], value, version)
    assert found == check(ROWS[kind], value, version)
    assert all(finding.message for finding in found)


@given(st.integers(-(2**40), 2**40))
def test_whole_numbers_are_read_in_every_base(number: int) -> None:
    """Decimal, hexadecimal, octal and binary, with a sign before them."""
    sign, digits = ("-" if number < 0 else ""), abs(number)
    assert integer(str(number)) == number
    assert integer(f"{sign}0x{digits:x}") == number
    assert integer(f"{sign}0{digits:o}") == number
    assert integer(f"0o{digits:o}") == integer(f"0b{digits:b}") == digits


@given(st.sampled_from(["yes", "no", "true", "false", "on", "off", "t", "f", "y", "n"]), st.data())
def test_booleans_have_no_case(word: str, data: st.DataObject) -> None:
    """Any letter may be a capital."""
    mixed = "".join(data.draw(st.sampled_from([char, char.upper()])) for char in word)
    assert boolean(mixed) is (word in ("yes", "true", "on", "t", "y"))


@given(st.integers(0, 0o7777))
def test_each_octal_mode_is_good(mode: int) -> None:
    """With and without leading zeros."""
    for text in (f"{mode:o}", f"{mode:04o}"):
        assert check(row("Socket", "SocketMode"), text, 252) == ()


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from("GMK")), min_size=1, max_size=3))
def test_sizes_add_up_with_falling_suffixes(parts: list[tuple[int, str]]) -> None:
    """`1G512M` is one size, `512M1G` is none."""
    factors = {"G": 2**30, "M": 2**20, "K": 2**10}
    text = "".join(f"{number}{suffix}" for number, suffix in parts)
    falling = all("GMK".index(a[1]) < "GMK".index(b[1]) for a, b in pairwise(parts))
    assert size(text) == (sum(number * factors[suffix] for number, suffix in parts) if falling else None)


@given(st.integers(0, 10000))
def test_shares_have_two_decimals(share: int) -> None:
    """Percent, per mille and per myriad say the same."""
    assert permyriad(f"{share // 100}.{share % 100:02}%") == share
    assert permyriad(f"{share}‱") == share


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(sorted(UNITS))), min_size=1, max_size=4))
def test_spans_add_up(parts: list[tuple[int, str]]) -> None:
    """In any order, with blanks or without."""
    total = sum(number * UNITS[unit] for number, unit in parts)
    expected = total if total < INFINITY else None
    assert microseconds(" ".join(f"{number}{unit}" for number, unit in parts)) == expected
    assert microseconds("".join(f"{number} {unit} " for number, unit in parts)) == expected


def test_bare_numbers_are_seconds_or_nanoseconds() -> None:
    """The default unit depends on the directive."""
    assert microseconds("5") == 5 * SECOND
    assert microseconds("5", 1) == 5
    assert nanoseconds("5") == 5
    assert nanoseconds("5us") == 5000
    assert microseconds("1.5h") == 5400 * SECOND


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)))
def test_each_moment_is_a_calendar_expression(moment: datetime) -> None:
    """A date with a time, with its weekday, and in UTC."""
    timer = row("Timer", "OnCalendar")
    for form in ("%Y-%m-%d %H:%M:%S", "%a %Y-%m-%d %H:%M", "%A %Y-%m-%d", "%Y-%m-%d %H:%M UTC"):
        text = moment.strftime(form).replace(f"{moment.year} ", f"{moment.year:04} ")
        assert check(timer, text, 262) == (), text


@given(st.integers(0, 59), st.integers(0, 23), st.integers(1, 31), st.integers(1, 12), st.integers(0, 7))
def test_cron_lines_become_calendar_expressions(minute: int, hour: int, day: int, month: int, weekday: int) -> None:
    """What the hint says is an expression that systemd takes."""
    for fields in ([minute, hour, "*", "*", weekday], [f"*/{minute + 1}", hour, day, month, "*"]):
        text = translate([str(field) for field in fields])
        assert text is not None
        try:
            parse(text)
        except CalendarError:
            assert minute == 59, text  # a step of an hour does not fit into the hour


@given(st.integers(-10, 70000))
def test_ports_end_at_65535(port: int) -> None:
    """A port is good alone and after an address exactly if it can be bound."""
    for text in (str(port), f"127.0.0.1:{port}", f"[::1]:{port}"):
        outcomes = {finding.outcome for finding in check(row("Socket", "ListenStream"), text, 252)}
        assert (Outcome.IGNORED not in outcomes) is (0 < port < 65536)


@given(st.text("0123456789abcdef:.%[]/", max_size=24))
def test_addresses_are_those_of_the_standard_library(text: str) -> None:
    """What is an address here is one there, and the other way round, but for scopes."""
    for judge, kind in ((quad, IPv4Address), (six, IPv6Address)):
        try:
            kind(text)
        except ValueError:
            assert not judge(text)
        else:
            assert judge(text) or "%" in text


@given(st.lists(TEXT, max_size=4))
def test_quoted_words_come_back(words: list[str]) -> None:
    """In double quotes, with quotes and backslashes escaped, a word is what it was."""
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in words]
    assert ESCAPED.split(" ".join(f'"{word}"' for word in escaped)) == words


def test_quotes_and_escapes_depend_on_the_splitter() -> None:
    """Lists of names know no quotes, paths know quotes, commands know escapes as well."""
    assert PLAIN.split("a 'b c'") == ["a", "'b", "c'"]
    assert QUOTED.split("a 'b c'd") == ["a", "b cd"]
    assert ESCAPED.split(r"a\x20b \u00e9 '\163'") == ["a b", "é", "s"]
    for text in ("'a", '"a', "a\\"):
        with pytest.raises(WordError):
            QUOTED.split(text)
    with pytest.raises(WordError):
        ESCAPED.split(r"\q")
