"""File modes as ints: written in octal, which a missing `0o` would silently change."""

from mkunit.dsl.spell import UnspellableError

# Modes that somebody wrote without `0o`: read as octal they are what people use, and nobody means them as decimal.
_MODES = frozenset(
    f"{special}{owner}{group}{other}"
    for special in ("", "1", "2", "4")
    for owner in "4567"
    for group in "04567"
    for other in "04567"
    if not (int(group) & ~int(owner) or int(other) & ~int(group))
)
_MASKS = frozenset({"22", "26", "27", "37", "77"})


def mode(name: str, value: int) -> str:
    """The octal digits of a mode; `name` is the directive's, since a mask has other digits than a mode.

    >>> mode("SocketMode", 0o660)
    '0660'
    """
    digits = str(value)
    if digits in (_MASKS if name == "UMask" else _MODES):
        hint = f"write 0o{digits}" + (f', or "{value:04o}" if that was meant' if value <= 0o777 else "")
        raise UnspellableError("bad-mode", f"is {value}, which is {value:#o} in octal", hint)
    if not 0 <= value <= 0o7777:
        raise UnspellableError("bad-mode", f"is {value}, which is no file mode", "write it in octal, such as 0o660")
    return f"{value:04o}"
