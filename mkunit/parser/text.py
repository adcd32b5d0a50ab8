"""From the lines of a unit file to sections and assignments, with systemd's complaints about the syntax."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from attrs import Factory, define, frozen

from mkunit.errors import Diagnostic, Origin, Severity, near
from mkunit.model.unit import Entry, Unit
from mkunit.parser.keys import sections, unknown_section
from mkunit.parser.lines import BLANKS, LONGEST, Comment, Line, split

# systemd takes these for invalid UTF-8 too: the characters that Unicode keeps free for good.
_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_FREE = re.compile(f"[\ufdd0-\ufdef{_ENDS}]")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"'\\]")
STRICT = 262  # the systemd that refuses more in headers, where older ones take it for the name of an unknown section
_STRICT = re.compile(r"[\x00-\x1f\x7f\"'\\*?\[]|^$")
_NAME = re.compile(r"\[\s*([A-Za-z]+)")


@frozen
class Header:
    """A section's header, as often as it stands in the file."""

    line: int
    name: str


@frozen
class Parsed:
    """A unit file: its unit, and what the unit does not hold."""

    unit: Unit
    headers: tuple[Header, ...] = ()
    comments: tuple[Comment, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    lines: tuple[str, ...] = ()  # the file as it stands, for whoever shows it
    last: Mapping[int, int] = Factory(dict)  # where a continued line starts, and the line that systemd's log names
    broken: bool = False  # systemd does not load the unit; of a drop-in, it reads nothing below

    def logged(self, line: int) -> int:
        """The line that systemd's log names for what starts at a line."""
        return self.last.get(line, line)


def parse(data: bytes, name: str, path: str, dropin: str | None = None, systemd: int = 0) -> Parsed:
    r"""One unit file, or with `dropin` one drop-in for the unit of that name; it never fails.

    Places are the lines where an assignment starts; `Parsed.last` has those that systemd's log names.

    >>> parse(b"[Service]\nExecStart=/bin/a \\\n  b\n", "a.service", "a.service").unit.directive("ExecStart")
    '/bin/a    b'
    """
    lines = split(data)
    reader = _Reader(name, path, dropin is not None, _STRICT if systemd >= STRICT else _UNSAFE)
    for line in lines.logical:
        if not reader.read(line):
            break
    else:
        if lines.too_long:
            reader.too_long(lines.too_long)
    unit = Unit(name, tuple(reader.entries), Origin(path), dropin=dropin)
    last = {line.first: line.last for line in lines.logical if line.last != line.first}
    return Parsed(
        unit, tuple(reader.headers), tuple(lines.comments), tuple(reader.found), tuple(lines.physical),
        MappingProxyType(last), reader.broken,
    )  # fmt: skip


@define
class _Reader:
    """The lines so far. After what is fatal, a drop-in is left; a whole unit is read on, to find what else is wrong."""

    name: str
    path: str
    dropin: bool
    unsafe: re.Pattern[str]
    section: str | None = None
    is_open: bool = False  # whether there was a header
    broken: bool = False
    hanging: bool = False  # whether the line above ends in a backslash and blanks
    entries: list[Entry] = Factory(list)
    headers: list[Header] = Factory(list)
    found: list[Diagnostic] = Factory(list)

    def read(self, line: Line) -> bool:
        """One line; whether to read on."""
        raw = line.text.strip(BLANKS)
        if not raw:
            return True
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = None
        if text is None or (not text.isascii() and _FREE.search(text)):
            hint = "save the file as UTF-8; only comments may hold other bytes"
            return self._fatal("bad-encoding", "the line is not UTF-8", hint, line.first)
        if text[0] == "[":
            return self._header(text, line.first)
        self._assignment(text, line.first)
        self.hanging = raw.endswith(b"\\") and not line.text.endswith(b"\\")
        return True

    def too_long(self, line: int) -> None:
        hint = "give what is in it in a file of its own"
        self._fatal("line-too-long", f"the line is longer than the {LONGEST >> 20} MiB that systemd reads", hint, line)

    def _complain(self, code: str, message: str, hint: str | None, line: int, directive: str | None = None) -> None:
        place = Origin(self.path, line)
        self.found.append(Diagnostic(code, message, hint, place, Severity.ERROR, self.name, directive))

    def _fatal(self, code: str, message: str, hint: str, line: int) -> bool:
        end = "systemd reads nothing below it" if self.dropin else "systemd does not load the unit"
        self._complain(code, f"{message}: {end}", hint, line)
        self.broken = True
        return not self.dropin

    def _header(self, text: str, line: int) -> bool:
        if text[-1] != "]" or len(text) < 2 or self.unsafe.search(text[1:-1]):
            guess = _NAME.match(text)
            self.section, self.is_open = (near(guess[1], sections(self._kind)) if guess else None) or self.section, True
            hint = f"write `[{self.section or 'Unit'}]` on a line of its own, and a comment above it"
            return self._fatal("bad-header", f"`{_cut(text)}` is no header of a section", hint, line)
        self.section, self.is_open = text[1:-1], True
        self.headers.append(Header(line, self.section))
        if self.section not in sections(self._kind) and not self.section.startswith("X-"):
            message = f"[{_cut(self.section)}] is no section of a {self._kind}: systemd ignores all that is in it"
            self._complain("unknown-section", message, unknown_section(self.name, self.section), line)
        return True

    @property
    def _kind(self) -> str:
        return self.name.rpartition(".")[2]

    def _assignment(self, text: str, line: int) -> None:
        key, equals, value = text.partition("=")
        key = key.rstrip(" \t")
        if not self.is_open:
            message = f"`{_cut(text)}` stands outside of a section: systemd ignores it"
            self._complain("outside-section", message, "write a header such as [Unit] above it", line)
        elif self.section not in sections(self._kind):
            # systemd reads nothing in a section that it does not know, not even whether there is a `=`.
            if equals and key:
                self._add(key, value, line)
        elif not equals:
            hint = "write `Key=value`, or put `#` before a comment"
            if self.hanging:
                hint = "take away the blanks after the `\\` that ends the line above"
            self._complain("missing-equals", f"`{_cut(text)}` has no `=`: systemd ignores it", hint, line)
        elif not key:
            self._complain("missing-key", f"`{_cut(text)}` has nothing before the `=`: systemd ignores it", None, line)
        else:
            self._add(key, value, line)

    def _add(self, key: str, value: str, line: int) -> None:
        self.entries.append(Entry(self.section or "", key, value.strip(" \t"), Origin(self.path, line)))


def _cut(text: str) -> str:
    return f"{text[:60]}…" if len(text) > 60 else text
