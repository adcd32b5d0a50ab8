"""`param`: a value that the command line, a host or the project may set, of the default's type."""

import pytest

from mkunit import MkunitError, param
from mkunit.dsl.collect import Load, loading


@pytest.mark.parametrize("default", ["text", 8080, 0.5, True, False, ""])
def test_the_default(default: object) -> None:
    """Outside a load, and in one that sets nothing."""
    assert param("p", default) is default
    with loading(Load()):
        assert param("p", default) is default


@pytest.mark.parametrize(
    ("default", "value", "expected"),
    [("a", "b", "b"), (8080, 9090, 9090), (0.5, 1.5, 1.5), (0.5, 2, 2.0), (True, False, False)],
)
def test_a_value_from_the_settings(default: object, value: object, expected: object) -> None:
    """It has the default's type; a whole number is a float too."""
    with loading(Load(params={"p": value})):
        found = param("p", default)
    assert found == expected
    assert type(found) is type(default)


@pytest.mark.parametrize(
    ("default", "value"), [("a", 5), (5, "5"), (5, 0.5), (5, True), (True, 1), (True, "yes"), (0.5, "1"), (0.5, True)]
)
def test_a_value_of_another_type(default: object, value: object) -> None:
    """Refused: nobody knows what was meant."""
    with loading(Load(params={"p": value})), pytest.raises(MkunitError, match="`p` is set to") as caught:
        param("p", default)
    assert caught.value.diagnostics[0].hint == (
        f"give it the type of its default, {default!r}: {type(default).__name__}"
    )


@pytest.mark.parametrize(
    ("default", "text", "expected"),
    [("a", "5", "5"), ("a", "", ""), (5, "6", 6), (5, "-6", -6), (0.5, "1.5", 1.5), (0.5, "2", 2.0), (True, "no", False),
     (True, "FALSE", False), (True, "0", False), (True, "off", False), (False, "yes", True), (False, "True", True),
     (False, "on", True), (False, "1", True)],
)  # fmt: skip
def test_text_from_the_command_line(default: object, text: str, expected: object) -> None:
    """It is read as the default's type."""
    with loading(Load(params={"p": text}, given=frozenset({"p"}))):
        found = param("p", default)
    assert found == expected
    assert type(found) is type(default)


@pytest.mark.parametrize(("default", "text"), [(5, "x"), (5, "0.5"), (5, ""), (0.5, "x"), (True, "maybe"), (True, "")])
def test_text_that_does_not_fit(default: object, text: str) -> None:
    """The error shows what was given."""
    with loading(Load(params={"p": text}, given=frozenset({"p"}))), pytest.raises(MkunitError) as caught:
        param("p", default)
    assert f"`--set p={text}` does not fit" in str(caught.value)


@pytest.mark.parametrize("default", [None, [], {}, b"a"], ids=repr)
def test_a_default_of_a_type_that_cannot_be_set(default: object) -> None:
    """Text from a command line could not be read as one."""
    with pytest.raises(MkunitError, match="has a default of type") as caught:
        param("p", default)
    assert caught.value.diagnostics[0].origin is not None


def test_a_load_knows_what_was_asked_for() -> None:
    """So a slip of the pen in `--set` can be told."""
    with loading(Load(params={"p": 1})) as context:
        param("p", 5)
        param("q", "x")
        param("p", 6)
    assert context.asked == {"p": 5, "q": "x"}
