"""Conditions: systemd takes any text, and a value that it does not know makes the condition fail without a word."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from mkunit.catalog.spec import Finding, Outcome
from mkunit.catalog.values.asked import Asked, lost, meant
from mkunit.catalog.values.enums import judge, words
from mkunit.catalog.values.numbers import boolean, boolean_hint, integer
from mkunit.catalog.values.paths import trouble as path_trouble
from mkunit.catalog.values.paths import vague
from mkunit.catalog.values.sizes import permyriad
from mkunit.catalog.values.sizes import size as bytes_of
from mkunit.catalog.values.specifiers import expand, opaque

BLANKS = " \t\n\r"
Answer = tuple[str, str | None] | None  # what is wrong, and a hint


def check_path(asked: Asked) -> Iterator[Finding]:
    """A path, with `|` and then `!` before it."""
    raw = asked.text.removeprefix("|").removeprefix("!")
    path, wrong = expand(asked, raw)
    if wrong:
        yield wrong
    elif vague(raw):
        return
    elif path.startswith(("|/", "!|")):
        yield asked.bad(f"`{asked.text}` has its marks in the wrong order", f"write `|!{path.lstrip('|!')}`")
    elif found := path_trouble(path):
        yield asked.bad(f"the path `{raw}` {found[0]}", found[1])


def check_value(asked: Asked) -> Iterator[Finding]:
    """Text, with `|` and then `!` before it, that only the machine can judge; what it never fulfils is lost."""
    raw = asked.text
    for mark in "|!":
        raw = raw[1:].lstrip(BLANKS) if raw[:1] == mark else raw
    text, wrong = expand(asked, raw)
    if wrong:
        yield wrong
    elif raw[:2] == "| " or (raw[:1] == "|" and asked.text[:1] == "!"):
        yield lost(f"`{asked.text}` has its marks in the wrong order", f"write `|!{raw.lstrip('|! ')}`")
    elif not opaque(asked, raw) and (judge_value := KINDS.get(asked.type)):
        answer = judge_value(asked, text)
        if isinstance(answer, Finding):
            yield answer
        elif answer:
            yield lost(f"`{text}` {answer[0]}, so the condition never holds", answer[1])


def _word(table: str, extra: tuple[str, ...] = ()) -> Callable[[Asked, str], Answer | Finding]:
    def judge_word(asked: Asked, text: str) -> Answer | Finding:
        if text in extra:
            return None
        found = judge(asked, text, table)
        if found is None or found.outcome is Outcome.NEWER:
            return found
        hint = SAME.get(text.lower())
        names = [*words(table), *extra]
        return "is not known", f"write `{hint}`" if hint in names else meant(text, [n for n in names if n[0] != "<"])

    return judge_word


SAME = {
    "x86_64": "x86-64",
    "amd64": "x86-64",
    "i386": "x86",
    "i686": "x86",
    "aarch64": "arm64",
    "secureboot": "uefi-secureboot",
}


def _boolean(asked: Asked, text: str) -> Answer:
    return ("is not a boolean", boolean_hint(text)) if boolean(text) is None else None


def _capability(asked: Asked, text: str) -> Answer:
    names = words("capability")
    if text.upper() in names or (integer(text) or 0) in range(1, 63) or text == "0":
        return None
    better = f"CAP_{text.upper()}"
    return "is not a capability", f"write `{better}`" if better in names else meant(text, names)


@cache
def _operator() -> re.Pattern[str]:
    return re.compile(r"(?:<=|>=|<>|!=|==|=|<|>|lt|le|eq|ne|ge|gt)?[ \t]*")


def _compared(what: str, parse: Callable[[str], int | None]) -> Callable[[Asked, str], Answer]:
    def judge_compared(asked: Asked, text: str) -> Answer:
        match = _operator().match(text)
        value = parse(text[match.end() :]) if match else None
        return None if value is not None and value >= 0 else (f"is not {what}", "write it as in `>=4` or `4`")

    return judge_compared


def _controller(asked: Asked, text: str) -> Answer:
    if text in ("v1", "v2") or any(word in words("controller") for word in text.split()):
        return None
    return "names no controller", meant(text, [*words("controller"), "v1", "v2"])


@cache
def _release() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z_][A-Za-z0-9_]*[ \t]*(?:<=|>=|<>|!=\$|!=|=\$|==|=|\$=|!\$=|<|>)\S")


def _os_release(asked: Asked, text: str) -> Answer:
    if all(_release().match(word.strip("\"'")) for word in text.split()):
        return None
    return "is not `KEY=VALUE`", "write a comparison such as `ID=debian` or `VERSION_ID>=12`, without blanks in it"


def _firmware(asked: Asked, text: str) -> Answer:
    known = ("uefi", "device-tree")
    if text in known or (text.startswith(("device-tree-compatible(", "smbios-field(")) and text.endswith(")")):
        return None
    return "is not known", meant(text, [*known, "device-tree-compatible(NAME)", "smbios-field(FIELD=VALUE)"])


def _pressure(asked: Asked, text: str) -> Answer:
    value, _, span = text.rpartition(":")[2].partition("/")
    if permyriad(value.strip()) is not None and (not span or span.strip().startswith(("10sec", "1min", "5min"))):
        return None
    return (
        "is not a pressure",
        "write a percentage such as `20%` or `slice.slice:20%/1min`, over `10sec`, `1min` or `5min`",
    )


def _fraction(asked: Asked, text: str) -> Answer:
    parts = text.split()
    if 0 < len(parts) < 3 and permyriad(parts[-1]) is not None:
        return None
    return "is not a share", "write a percentage, with a word before it to tell several apart"


def _user(asked: Asked, text: str) -> Answer:
    bare = text.strip("\"'")
    return ("has quotes in it", f"write `{bare}`") if bare != text else None


KINDS: dict[str, Callable[[Asked, str], Answer | Finding]] = {
    "condition_architecture": _word("architecture", ("native",)),
    "condition_virtualization": _word("virtualization"),
    "condition_security": _word("security"),
    "condition_bool": _boolean,
    "condition_capability": _capability,
    "condition_cpus": _compared("a number of processors", integer),
    "condition_memory": _compared("an amount of memory", bytes_of),
    "condition_control_group_controller": _controller,
    "condition_os_release": _os_release,
    "condition_firmware": _firmware,
    "condition_pressure": _pressure,
    "condition_fraction": _fraction,
    "condition_user": _user,
    "condition_group": _user,
}
