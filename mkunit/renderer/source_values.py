"""The text of directives as the Python that makes it, to the byte; where there is sugar, by sugar."""

import re
from collections.abc import Mapping, Sequence

from mkunit.catalog.spec import Directive, Many, Outcome
from mkunit.catalog.values.words import ESCAPED, WordError
from mkunit.dsl.collect import NEWEST
from mkunit.dsl.modes import mode
from mkunit.dsl.spell import Problem, UnspellableError, check
from mkunit.model.text import controls
from mkunit.model.unit import Entry
from mkunit.model.value import Command, Raw, assignment
from mkunit.renderer.source_commands import command
from mkunit.renderer.source_layout import WIDTH, Piece, literal, sequence, string

BOOLEANS = {"yes": "True", "no": "False"}
# Types whose `yes` and `no` people think of as booleans.
YES_OR_NO = frozenset((
    "bool", "job_mode_isolate", "private_tmp", "private_users", "protect_control_groups", "protect_home",
    "protect_hostname", "protect_system", "tristate",
))  # fmt: skip
_NUMBERS = frozenset((
    "cg_cpu_weight", "cg_weight", "concurrency_max", "exec_cpu_sched_prio", "exec_io_priority", "exec_nice",
    "exec_oom_score_adjust", "int", "long", "rlimit_number", "rlimit_size", "sec", "sec_fix_0", "service_timeout",
    "service_timeout_abort", "swap_priority", "tasks_max", "timer_span", "unsigned",
))  # fmt: skip
_STATUSES = frozenset(("exec_cpu_affinity", "set_status"))
NAMES = frozenset((
    "install_also", "install_units", "service_sockets", "socket_service", "trigger_unit", "unit_deps", "unit_slice",
))  # fmt: skip
_HELPERS = {
    "ListenStream": "unix({})",
    "ListenDatagram": 'unix({}, kind="datagram")',
    "ListenSequentialPacket": 'unix({}, kind="seqpacket")',
    "ListenFIFO": "fifo({})",
    "ListenSpecial": "special({})",
    "ListenMessageQueue": "message_queue({})",
    "ListenUSBFunction": "usb_function({})",
}
_QUOTING = re.compile(r"[\"'\\]|%%|\$\$")


class Values:
    """Values of one unit; `names` are the variables of the units that its lines may name, `words` what it imports."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.words: set[str] = set()

    def name(self, text: str) -> str:
        """A unit's name: the variable that holds the unit, where there is one."""
        return self.names.get(text) or literal(text)

    def value(self, row: Directive, text: str, room: int = WIDTH - 5) -> Piece:
        """The one line of a directive."""
        if row.value in YES_OR_NO and text in BOOLEANS:
            return Piece(BOOLEANS[text])
        if row.value == "mode" and text.isdecimal() and text.isascii():
            return Piece(_mode(row, text))
        if row.value in _NUMBERS and is_number(text.removeprefix("-")) and text != "-0":
            return Piece(text)
        if row.value == "exec":
            return self.command(row, text, room)
        if row.many is Many.JOIN and len(items := words(text)) > 1:
            return sequence([Piece(self._item(row, item)) for item in items])
        return Piece(self.name(text)) if row.value in NAMES else string(text, room)

    def _item(self, row: Directive, text: str) -> str:
        """One of a list: a unit, a number such as an exit status, or a word."""
        if row.value in NAMES:
            return self.name(text)
        return text if row.value in _STATUSES and is_number(text) else literal(text)

    def command(self, row: Directive, text: str, room: int = WIDTH - 9) -> Piece:
        """A command line: as it is where a person would write it so, else by `cmd()`."""
        is_long = len(text) + 2 > room
        is_odd = _QUOTING.search(text) or any(problem.outcome is Outcome.LOST for problem in _problems(row, text))
        if not is_long and not is_odd:
            return Piece(literal(text))
        made = command(text)
        if made is None or str(made) != text or (is_long and not is_odd and not made.is_exact):
            return string(text, room)
        return self._cmd(made)

    def _cmd(self, made: Command) -> Piece:
        self.words.add("cmd")
        flags = ("ignore_failure", "full_privileges", "no_setuid", "ambient")
        more = [Piece(f"{flag}=True") for flag in flags if getattr(made, flag)]
        more += [] if made.expand else [Piece("expand=False")]
        more += [] if made.argv0 is None else [Piece(f"argv0={literal(made.argv0)}")]
        return Piece("cmd(", (*map(self._word, made.argv), *more), ")")

    def _word(self, word: str | Raw) -> Piece:
        if isinstance(word, str):
            return string(word)
        self.words.add("raw")
        inner = string(word.text)
        return inner.after("raw") if inner.items else Piece(f"raw({inner.text})")

    def variables(self, lines: Sequence[str]) -> Piece | None:
        """`Environment=` lines as a dict, where each has one variable; None where they are otherwise."""
        found: dict[str, Piece] = {}
        for line in lines:
            name, value = _variable(line)
            if value is None or name in found:
                return None
            if isinstance(value, Raw):
                self.words.add("raw")
            text = f"raw({literal(value.text)})" if isinstance(value, Raw) else literal(value)
            found[name] = Piece(f"{literal(name)}: {text}")
        return Piece("{", tuple(found.values()), "}")

    def address(self, entry: Entry) -> str:
        """One item of `listen=`."""
        found = _address(entry)
        if not found[0].isdigit() and found[0] != '"':
            self.words.add(found.partition("(")[0])
        return found


def _problems(row: Directive, text: str) -> list[Problem]:
    """What the builder would find in a text; as data the same may be right."""
    return check(row, text, NEWEST, "system")


def words(text: str) -> list[str]:
    """The words of a list, where they are plain and joined as `mkunit` joins them; else the text as a whole."""
    found = text.split(" ")
    is_plain = all(found) and not any(char in text for char in "\"'\\") and not any(w[0] == "~" for w in found)
    return found if is_plain else [text]


def _variable(line: str) -> tuple[str, str | Raw | None]:
    """The name and the value of one variable, from which the line can be made again."""
    try:
        (word,) = ESCAPED.split(line)
    except (WordError, ValueError):
        return "", None
    name, equals, text = word.partition("=")
    for value in (text.replace("%%", "%"), Raw(text)):
        if equals and _makes(name, value, line):
            return name, value
    return name, None


def _makes(name: str, value: str | Raw, line: str) -> bool:
    try:
        return assignment(name, value) == line and not (isinstance(value, Raw) and controls(value.text))
    except ValueError:
        return False


def _mode(row: Directive, value: str) -> str:
    """A mode in octal, where that makes the same digits."""
    digits = value.lstrip("0") or "0"
    try:
        return f"0o{digits}" if mode(row.name, int(value, 8)) == value else literal(value)
    except (ValueError, UnspellableError):
        return literal(value)


def is_number(value: str) -> bool:
    """Whether it is an int as Python prints it."""
    return value.isascii() and value.isdecimal() and len(value) < 20 and str(int(value)) == value


def _address(entry: Entry) -> str:
    value = entry.value
    if entry.name == "ListenStream":
        return value if is_number(value) else literal(value)
    if entry.name == "ListenNetlink":
        family, blank, group = value.partition(" ")
        if blank and not is_number(group):
            return f"netlink({literal(value)})"
        return f"netlink({literal(family)}{f', {group}' if blank else ''})"
    host, colon, port = value.rpartition(":")
    if entry.name == "ListenDatagram" and is_number(port):
        if not colon:
            return f"udp({port})"
        inner = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if inner.replace(".", "").isdigit() or (inner != host and ":" in inner and "%" not in inner):
            return f"udp({port}, host={literal(inner)})"
    return _HELPERS[entry.name].format(literal(value))
