"""Data and the text that systemd reads back as exactly that data: the only room that quotes (systemd.syntax(7)).

What stands here is text already: builders check the same bytes that the renderer writes.
"""

import unicodedata

from attrs import field, frozen

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\a": "\\a", "\v": "\\v"}  # fmt: skip
_QUOTED = frozenset(" \"'\\")


def controls(text: str) -> str | None:
    """The first character that a unit file's line cannot hold: a control character, or half of a surrogate pair.

    U+0085 and its neighbours are in: a person's editor would show a new line there, though systemd sees none.
    """
    if text.isascii() and text.isprintable():
        return None
    return next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None)


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
    if character == " " or character.isprintable():
        return character
    if character == "\0":
        raise ValueError("a NUL character can be given to no process")
    if 0xD800 <= ord(character) <= 0xDFFF:
        raise ValueError("it is not valid Unicode, and systemd takes only UTF-8")
    # One or two bytes as \x.., the others as systemd's own \u and \U: each stands for the character itself.
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def percent(text: str) -> str:
    """Text in which `%` is to be read literally."""
    return text.replace("%", "%%")


@frozen
class Literal:
    """Text whose `%` is no specifier."""

    text: str


@frozen
class Raw:
    """A part of a command line or an environment value in which `%` and `$` keep their meaning."""

    text: str


@frozen
class Command:
    """A command line as data: each argument reaches the program exactly as given (systemd.service(5), COMMAND LINES)."""

    argv: tuple[str | Raw, ...]
    ignore_failure: bool = False
    full_privileges: bool = False
    no_setuid: bool = False
    ambient: bool = False
    login_shell: bool = False
    expand: bool = True
    argv0: str | None = None
    prefixes: str = field(init=False)

    @prefixes.default
    def _prefixes(self) -> str:
        flags = {"-": self.ignore_failure, ":": not self.expand, "@": self._explicit_argv0, "+": self.full_privileges,
                 "!": self.no_setuid, "!!": self.ambient, "|": self.login_shell}  # fmt: skip
        return "".join(sign for sign, given in flags.items() if given)

    @property
    def _program(self) -> str:
        first = self.argv[0]
        return first.text if isinstance(first, Raw) else percent(first)

    @property
    def _explicit_argv0(self) -> bool:
        # systemd expands `$` in argv[0] but not in the path that it executes: only a second copy can be right in both.
        return self.argv0 is not None or (self.expand and "$" in self._program)

    def _argument(self, word: str | Raw) -> str:
        if isinstance(word, Raw):
            return quoted(word.text)
        return quoted(percent(word.replace("$", "$$") if self.expand else word))

    def __str__(self) -> str:
        rest = list(self.argv[1:])
        if self._explicit_argv0:
            rest.insert(0, self.argv[0] if self.argv0 is None else self.argv0)
        return " ".join([quoted(self.prefixes + self._program), *map(self._argument, rest)])


def assignment(name: str, value: str | Raw) -> str:
    """One word of `Environment=`: the variable has exactly that value (systemd.exec(5))."""
    return quoted(f"{name}={value.text if isinstance(value, Raw) else percent(value)}")


@frozen
class Address:
    """A listener of a socket: the `Listen…=` directive, and its value in systemd's own syntax."""

    directive: str
    text: str
    written: str | None = None  # the flag that it came from, for complaints about it
