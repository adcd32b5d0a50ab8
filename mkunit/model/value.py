"""Data that is not systemd's own syntax: each noun knows the text by which systemd reads it back exactly."""

from attrs import field, frozen

from mkunit.model.text import noncharacter, percent, quoted


@frozen
class Literal:
    """Text whose `%` is no specifier."""

    text: str

    def spelled(self, kind: str, *, expands: bool) -> str:
        """The text of a directive of a type; `expands` where systemd reads specifiers in it."""
        return percent(self.text) if expands else self.text


@frozen
class Raw:
    """A part of a command line or an environment value in which `%` and `$` keep their meaning."""

    text: str

    def spelled(self, kind: str, *, expands: bool) -> str:
        """It is a part of a value, and no value by itself."""
        raise TypeError("takes no raw() by itself: write its value as a str")


@frozen
class Command:
    """A command line as data: each argument reaches the program exactly as given (systemd.service(5))."""

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
    def is_exact(self) -> bool:
        """Whether nothing of it is left to systemd to expand."""
        return all(isinstance(word, str) for word in self.argv)

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

    def spelled(self, kind: str, *, expands: bool) -> str:
        """The text of a directive that takes a command line."""
        if kind != "exec":
            raise TypeError("takes no command line: write its value as a str")
        return str(self)

    def __str__(self) -> str:
        rest = list(self.argv[1:])
        if self._explicit_argv0:
            rest.insert(0, self.argv[0] if self.argv0 is None else self.argv0)
        return " ".join([quoted(self.prefixes + self._program), *map(self._argument, rest)])


def assignment(name: str, value: str | Raw | Literal) -> str:
    """One word of `Environment=`: the variable has exactly that value (systemd.exec(5))."""
    text = value.text if isinstance(value, Raw) else percent(value.text if isinstance(value, Literal) else value)
    if not text.isprintable() and any(map(noncharacter, text)):
        raise ValueError("it has a Unicode noncharacter in it, and systemd would drop it")
    return quoted(f"{name}={text}")
