"""Unit names: systemd's grammar, its limit, and its escaping as `systemd-escape` does it."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkunit.model.name import KINDS, Name, escape, escape_path, is_name, parse, unescape

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)


def systemd_escape(arguments: list[str], texts: list[str]) -> list[str]:
    """What the real `systemd-escape` makes of many texts at once; its output has no blanks and no line breaks."""
    if not shutil.which("systemd-escape"):
        pytest.skip("there is no systemd-escape")
    argv = ["systemd-escape", *arguments, "--", *texts]
    return subprocess.run(argv, capture_output=True, check=True).stdout.decode().split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web.service", Name("web", None, "service")),
        ("web@.service", Name("web", "", "service")),
        ("web@blue.socket", Name("web", "blue", "socket")),
        ("web@a@b.service", Name("web", "a@b", "service")),
        ("a.b.c.timer", Name("a.b.c", None, "timer")),
        (".hidden.path", Name(".hidden", None, "path")),
        ("-.mount", Name("-", None, "mount")),
        ("-.slice", Name("-", None, "slice")),
        ("a-b.slice", Name("a-b", None, "slice")),
        ("my\\x20disk.mount", Name("my\\x20disk", None, "mount")),
        ("A:b_c.target", Name("A:b_c", None, "target")),
        ("service.service", Name("service", None, "service")),
    ],
)
def test_a_name_is_taken_apart(text: str, expected: Name) -> None:
    """Prefix, instance and kind are found, and put together again they are the name."""
    assert parse(text) == expected
    assert str(parse(text)) == text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_suffix(kind: str) -> None:
    """All of systemd's kinds are known, those without a file included."""
    assert parse(f"a.{kind}").kind == kind


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("web", "suffix"),
        ("web.", "suffix"),
        ("", "suffix"),
        ("web.Service", "suffix"),
        ("web.sevice", "suffix"),
        (".service", "nothing before its suffix"),
        ("@.service", "nothing before the `@`"),
        ("@x.service", "nothing before the `@`"),
        ("a b.service", "a blank cannot"),
        ("a/b.service", "`/` cannot"),
        ("a+b.service", r"`\+` cannot"),
        ("a%b.service", "`%` cannot"),
        ("ü.service", "`ü` cannot"),
        ("a\nb.service", r"'\\n' cannot"),
        ("a\0.service", r"'\\x00' cannot"),
        ("a\ud800.service", r"'\\ud800' cannot"),
        ("-a.slice", "a slice's name"),
        ("a-.slice", "a slice's name"),
        ("a--b.slice", "a slice's name"),
        ("a@.slice", "a slice cannot be a template"),
        ("a@b.slice", "a slice cannot be a template"),
    ],
)
def test_what_is_wrong_with_a_name(text: str, what: str) -> None:
    """systemd would not take it, and the error says why."""
    assert not is_name(text)
    with pytest.raises(ValueError, match=what):
        parse(text)


def test_a_name_has_at_most_255_bytes() -> None:
    """The suffix counts."""
    assert is_name("x" * 247 + ".service")
    with pytest.raises(ValueError, match="256 bytes long, and 255 is the limit"):
        parse("x" * 248 + ".service")


def test_templates_and_instances_know_each_other() -> None:
    """An instance has a template; a template and a plain unit have none."""
    assert (parse("a@b.service").template, parse("a@b.service").is_template) == ("a@.service", False)
    assert (parse("a@.service").template, parse("a@.service").is_template) == (None, True)
    assert (parse("a.service").template, parse("a.service").is_template) == (None, False)


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(st.lists(TEXTS, min_size=30, max_size=60))
def test_escaping_is_that_of_systemd_escape(texts: list[str]) -> None:
    """Any text is escaped as the real `systemd-escape` does it."""
    assert [escape(text) for text in texts] == systemd_escape([], texts)


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(st.lists(st.lists(TEXTS | st.sampled_from(["", "."]), max_size=4), min_size=30, max_size=60))
def test_path_escaping_is_that_of_systemd_escape(paths: list[list[str]]) -> None:
    """Any path is escaped as the real `systemd-escape --path` does it."""
    texts = ["/" + "/".join(parts) for parts in paths]
    texts = [text for text in texts if ".." not in text.split("/")]
    assert [escape_path(text) for text in texts] == systemd_escape(["--path"], texts)


@settings(derandomize=True, database=None)
@given(TEXTS)
def test_an_escaped_text_is_a_part_of_a_name(text: str) -> None:
    """Whatever the text, its escaped form can be a prefix and an instance, and stands for the text again."""
    escaped = escape(text)
    assert not set(escaped) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_.\\-")
    assert unescape(escaped) == text


@pytest.mark.parametrize("path", ["", "a", "a/b", "./a"])
def test_a_relative_path_is_no_name(path: str) -> None:
    """Only absolute paths have unit names."""
    with pytest.raises(ValueError, match="not an absolute path"):
        escape_path(path)


@pytest.mark.parametrize("path", ["/..", "/a/../b", "/a/.."])
def test_a_path_with_dots_is_no_name(path: str) -> None:
    """`..` is refused, as `systemd-escape --path` refuses it."""
    with pytest.raises(ValueError, match=r"\.\."):
        escape_path(path)


@pytest.mark.parametrize("text", ["\\", "a\\", "\\x", "\\x2", "\\xzz", "\\x+1", "\\x 1", "\\n", "\\u0041"])
def test_a_backslash_that_escapes_nothing(text: str) -> None:
    """Only `\\x` with two hexadecimal digits is an escape."""
    with pytest.raises(ValueError, match="escapes nothing"):
        unescape(text)
