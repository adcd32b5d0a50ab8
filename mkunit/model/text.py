"""Data to text that systemd reads back as exactly that data: the only room that quotes (systemd.syntax(7))."""

_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "\a": "\\a",
    "\v": "\\v",
}
_QUOTED = frozenset(" \"'\\")


def controls(text: str) -> str | None:
    """The first character that a unit file's line cannot hold: a control character, or what is no text for systemd.

    U+0085, U+2028 and their neighbours are in: a person's editor would show a new line there, though systemd sees none.
    """
    if text.isprintable():
        return None
    return next((c for c in text if not c.isprintable() and _is_control(c)), None)


def _is_control(character: str) -> bool:
    return (
        character < " "
        or "\x7f" <= character <= "\x9f"
        or character in "\u2028\u2029"
        or "\ud800" <= character <= "\udfff"
        or noncharacter(character)
    )


def noncharacter(character: str) -> bool:
    """Whether Unicode sets it aside for programs' own use; a file that holds one is not UTF-8 to systemd."""
    return ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"


def quoted(text: str) -> str:
    r"""Text as one word, for directives that split their value into words with quotes and C escapes.

    >>> print(quoted("hello"), quoted("a b"), quoted('say "hi"'), quoted(""))
    hello "a b" "say \"hi\"" ""
    """
    if text and text != ";" and text.isprintable() and not _QUOTED.intersection(text):
        return text
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if found := _ESCAPES.get(character):
        return found
    if character.isprintable():
        return character
    if character == "\0":
        raise ValueError("a NUL character can be given to no process")
    if "\ud800" <= character <= "\udfff":
        raise ValueError("it is not valid Unicode, and systemd takes only UTF-8")
    if noncharacter(character):
        return "".join(f"\\x{byte:02x}" for byte in character.encode())  # systemd's `\U` does not know them
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def percent(text: str) -> str:
    """Text in which `%` is to be read literally."""
    return text.replace("%", "%%")
