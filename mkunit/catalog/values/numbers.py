"""Booleans and whole numbers: the bases that systemd knows, and the range of each type."""

import re
from collections.abc import Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost

TRUE = frozenset(("1", "yes", "y", "true", "t", "on"))
FALSE = frozenset(("0", "no", "n", "false", "f", "off"))
WORDS = {"enabled": "yes", "enable": "yes", "disabled": "no", "disable": "no", "none": "no", "never": "no"}
RANGES = {
    "unsigned": (0, 2**32 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "iec_size_long": (-(2**63), 2**63 - 1),
    "concurrency_max": (0, 2**32 - 1),
    "exec_nice": (-20, 19),
    "exec_oom_score_adjust": (-1000, 1000),
    "exec_cpu_sched_prio": (0, 99),
    "exec_io_priority": (0, 7),
    "exit_status": (0, 255),
    "swap_priority": (-1, 32767),
    "tty_size": (0, 2**32 - 1),
    "cg_weight": (1, 10000),
    "cg_cpu_weight": (1, 10000),
    "blockio_weight": (10, 1000),
    "cpu_shares": (2, 262144),
}


def boolean(text: str) -> bool | None:
    """What systemd takes the text for, in any case."""
    folded = text.lower()
    return True if folded in TRUE else False if folded in FALSE else None


def check_bool(asked: Asked) -> Iterator[Finding]:
    """`yes` and `no`, and what else systemd takes for them."""
    if boolean(asked.text) is None:
        yield asked.bad(f"`{asked.text}` is not a boolean", boolean_hint(asked.text))


def boolean_hint(text: str) -> str:
    """What to write instead of something that is no boolean."""
    first = text.partition(" ")[0]
    if first != text and boolean(first) is not None:
        return f"write `{first}`; a comment needs a line of its own"
    word = WORDS.get(text.lower())
    return f"write `{word}`" if word else "write `yes` or `no`"


@cache
def _integer() -> re.Pattern[str]:
    return re.compile(
        r"[ \t\n\r]*(?:(0[bB])([+-]?[01]+)|(0[oO])([+-]?[0-7]+)|([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*))"
    )


def integer(text: str) -> int | None:
    """A number as C reads it: `0x`, `0b` and `0o` give the base, and a leading 0 means octal."""
    if text.isascii() and text.isdecimal() and text[0] != "0":
        return int(text[:4000])
    match = _integer().fullmatch(text)
    if not match:
        return None
    if match[1]:
        return int(match[2], 2)
    if match[3]:
        return int(match[4], 8)
    digits = match[6]
    value = int(digits, 16 if digits[:2].lower() == "0x" else 8 if digits[0] == "0" else 10)
    return -value if match[5] == "-" else value


def check_integer(asked: Asked) -> Iterator[Finding]:
    """A whole number within the bounds of its type."""
    low, high = RANGES[asked.type]
    value = integer(asked.text)
    if value is None:
        yield asked.bad(f"`{asked.text}` is not a whole number", integer_hint(asked.text))
    elif not low <= value <= high:
        yield asked.bad(f"`{asked.text}` is out of range", f"write a number from {low} to {high}")
    else:
        yield from octal(asked.text, value)


def octal(text: str, value: int) -> Iterator[Finding]:
    """The surprise of a leading zero."""
    digits = text.lstrip("+- ")
    if len(digits) > 1 and digits[0] == "0" and digits.isdigit() and int(digits) != abs(value):
        yield lost(f"`{text}` is octal and means {value}", f"write `{digits.lstrip('0')}` or `{value}`")


def integer_hint(text: str) -> str:
    """What to write instead of something that is no number."""
    plain = text.replace("_", "").replace(",", "").replace(" ", "")
    if plain != text and plain.isdigit():
        return f"write `{plain}`"
    if text.isdigit():
        return f"write `{text.lstrip('0')}`; a leading 0 means octal"
    unit = {"k": 1000, "m": 1000**2}.get(text[-1:].lower())
    if unit and text[:-1].isascii() and text[:-1].isdigit():
        return f"write the number in full: `{int(text[:-1]) * unit}`"
    first = text.partition(" ")[0]
    if first != text and first.isdigit():
        return f"write `{first}`; a comment needs a line of its own"
    return "write a whole number, without a unit"


def check_or_infinity(asked: Asked) -> Iterator[Finding]:
    """A number, or `infinity`."""
    if asked.text != "infinity":
        yield from check_integer(asked)


def check_cpu_weight(asked: Asked) -> Iterator[Finding]:
    """A weight, or `idle`."""
    if asked.text == "idle":
        if finding := asked.newer("idle", 252):
            yield finding
    else:
        yield from check_integer(asked)


@cache
def _symbolic() -> re.Pattern[str]:
    return re.compile(r"(?:[-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT])")


def check_mode(asked: Asked) -> Iterator[Finding]:
    """An octal file mode up to 07777."""
    text = asked.text
    if text.isascii() and text.isdigit() and set(text) <= set("01234567") and int(text, 8) <= 0o7777:
        return
    hint = "write octal digits, such as `0660`"
    if text[:2].lower() == "0o" and text[2:].isdigit() and set(text[2:]) <= set("01234567"):
        hint = f"write `0{text[2:]}`"
    elif _symbolic().fullmatch(text):
        bits = "".join("0" if char in "-ST" else "1" for char in text)
        hint = f"write `0{int(bits, 2):o}`"
    yield asked.bad(f"`{text}` is not a file mode", hint)
