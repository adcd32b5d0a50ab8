"""Rules on lines that are written twice, in one file or in a drop-in."""

from collections.abc import Iterator
from itertools import pairwise

from mkunit import catalog
from mkunit.catalog.spec import Many
from mkunit.checker import view
from mkunit.checker.lifecycle import kind
from mkunit.checker.view import Seen
from mkunit.checker.wording import found, is_python, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Entry, Unit

_ADD_UP = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "OnCalendar", "ExecStart")


def twice(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Of two lines of one value the last holds, which is hardly what both are for."""
    for seen in view.of(graph).named.values():
        for name, lines in seen.lines.items():
            if len(lines) > 1 and (pair := _pair(lines)) and pair[0].value != pair[1].value:
                row = catalog.lookup(pair[1].section, name)
                # A word of a newer systemd after an old one is how a unit is written for both.
                if row and row.many is Many.SINGLE and row.value in _NUMBERS and name != "Unit":
                    message = f"`{name}=` is set twice: `{pair[1].value}` holds, and `{pair[0].value}` does not"
                    yield found("set-twice", seen, pair[1], message, "leave one of them out")


_NUMBERS = ("bool", "sec", "sec_fix_0", "unsigned", "int", "mode", "user_group_compat", "iec_size", "string")


def _pair(lines: list[Entry]) -> tuple[Entry, Entry] | None:
    """Two lines of one file, without an empty one between."""
    for before, after in pairwise(lines):
        same = before.origin and after.origin and before.origin.path == after.origin.path
        if same and before.value and after.value and before.section == after.section:
            return before, after
    return None


def appends(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A drop-in adds to lists: what stood there before holds as well."""
    everything = view.of(graph)
    for dropin in [*everything.lonely, *(part for seen in everything.named.values() for part in seen.dropins)]:
        base = everything.named.get((dropin.scope or "system", dropin.name))
        own = Seen(dropin)
        for name in _ADD_UP:
            lines = own.lines.get(name, [])
            if lines and lines[0].value and not _resets(own) and _had(base, dropin, name):
                message = f"this adds another `{name}=` to `{dropin.name}`; what it had before holds as well"
                hint = "begin with an empty one, if it is to replace it: "
                hint += f'{say(own, name)[:-1]}=["", …]`' if is_python(dropin) else f"`{name}=`"
                yield found("dropin-appends", own, lines[0], message, hint)


def _resets(own: Seen) -> bool:
    return any(line.value == "" for name in _ADD_UP for line in own.lines.get(name, ()))


def _had(base: Seen | None, dropin: Unit, name: str) -> bool:
    """Whether the unit has such a line itself; of somebody else's unit that is to be expected."""
    if base is None:
        return True
    return any(True for _ in base.unit.all(name)) and not (name == "ExecStart" and kind(base) == "oneshot")
