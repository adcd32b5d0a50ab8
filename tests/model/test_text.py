"""Text for systemd: what a line cannot hold, and words in quotes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkunit.model.text import controls, percent, quoted

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize(
    "character",
    [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029", "\ud800", "\udcff", "\udfff", "\ufdd0",
     "\ufffe", "\uffff", "\U0001ffff", "\U0010fffe"],
    ids=ascii,
)  # fmt: skip
def test_a_line_cannot_hold_it(character: str) -> None:
    """Control characters, line breaks of all sorts, and what is no text are found wherever they stand."""
    assert controls(character) == character
    assert controls(f"before{character}after") == character


@pytest.mark.parametrize(
    "text", ["", "plain", "a b", "é日本🙂", "\u00a0", "\u00ad", "\ufeff", "\u200d", "\ue000", '"\\%$']
)
def test_a_line_can_hold_it(text: str) -> None:
    """Text of any language, odd blanks and joiners are no control characters."""
    assert controls(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", '""'),
        (";", '";"'),
        (";;", ";;"),
        ("a b", '"a b"'),
        ("it's", '"it\'s"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("a\\b", '"a\\\\b"'),
        ("a\nb\tc", '"a\\nb\\tc"'),
        ("\x01", '"\\x01"'),
        ("\x7f", '"\\x7f"'),
        ("\u0085", '"\\u0085"'),
        ("\u2028", '"\\u2028"'),
        ("\U000e0001", '"\\U000e0001"'),
        ("\ufffe", '"\\xef\\xbf\\xbe"'),
        ("é🙂", "é🙂"),
        ("#", "#"),
        ("$x", "$x"),
    ],
    ids=ascii,
)
def test_a_word_in_quotes(text: str, expected: str) -> None:
    """Quotes stand only where they are needed, and what cannot be seen is an escape."""
    assert quoted(text) == expected


@settings(derandomize=True, database=None)
@given(TEXTS)
def test_a_quoted_word_is_a_part_of_one_line(text: str) -> None:
    """Whatever the text, its quoted form is printable, and neither ends the line nor joins the next one to it."""
    word = quoted(text)
    assert controls(word) is None
    assert word.isprintable()
    assert not word.endswith("\\")
    assert word


@pytest.mark.parametrize(("text", "why"), [("a\0b", "NUL"), ("\ud800", "Unicode"), ("\udcff", "Unicode")], ids=ascii)
def test_what_cannot_be_quoted(text: str, why: str) -> None:
    """NUL and halves of surrogate pairs are in no process's arguments."""
    with pytest.raises(ValueError, match=why):
        quoted(text)


def test_a_literal_percent_sign_is_doubled() -> None:
    """Each of them is."""
    assert percent("100% of %n, %%") == "100%% of %%n, %%%%"
