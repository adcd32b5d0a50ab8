"""What a socket listens on."""


class Address:
    """A listener of a socket: the `Listen…=` directive, and its value in systemd's own syntax."""

    # A plain class: every one-off socket has some, and attrs would take a millisecond to make it.
    __slots__ = ("directive", "text", "written")

    def __init__(self, directive: str, text: str, written: str | None = None) -> None:
        self.directive = directive
        self.text = text
        self.written = written  # the flag that it came from, for complaints about it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and (self.directive, self.text) == (other.directive, other.text)

    def __hash__(self) -> int:
        return hash((self.directive, self.text))

    def __repr__(self) -> str:
        return f"Address({self.directive!r}, {self.text!r})"

    def spelled(self, kind: str, *, expands: bool) -> str:
        """It belongs in `listen=`, which knows its directive."""
        raise TypeError("takes no tcp(), unix() and their like: write its value as a str, or use `listen`")
