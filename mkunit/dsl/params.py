"""`param`: a value that a host, the command line or the project's settings may set."""

from typing import TypeVar

from mkunit.dsl import collect
from mkunit.dsl.wrong import wrong

T = TypeVar("T", str, int, float, bool)

_WORDS = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}


def param(name: str, default: T) -> T:
    """A value by name; strongest first: `--set`, the host's table, `[tool.mkunit.params]`, the default.

    Whatever sets it must have the default's type: str, int, float or bool.

    >>> param("port", 8080)
    8080
    """
    if not isinstance(default, str | int | float):
        kind = type(default).__name__
        raise wrong("bad-parameter", f"`{name}` has a default of type {kind}", "give a str, an int, a float or a bool")
    load = collect.current()
    if load is None:
        return default
    load.asked.setdefault(name, default)
    if name not in load.params:
        return default
    value = load.params[name]
    if name in load.given and isinstance(value, str):
        return _read(name, value, default)
    if type(value) is type(default) or (type(default) is float and type(value) is int):
        return type(default)(value)
    raise wrong(
        "bad-parameter",
        f"`{name}` is set to {value!r}, which is of type {type(value).__name__}",
        f"give it the type of its default, {default!r}: {type(default).__name__}",
    )


def _read(name: str, text: str, default: T) -> T:
    kind = type(default)
    try:
        if kind is bool:
            return kind(_WORDS[text.lower()])
        return kind(text)
    except (ValueError, KeyError):
        hint = f"give it the type of its default, {default!r}: {kind.__name__}"
        raise wrong("bad-parameter", f"`--set {name}={text}` does not fit", hint) from None
