"""From systemd's gperf table, the list of what its parser knows: section, name, parser, and the parser's argument."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

TABLE = Path("src/core/load-fragment-gperf.gperf.in")
SHARED = {"EXEC": "exec", "KILL": "kill", "CGROUP": "cgroup"}

_ITEM = re.compile(r"^(?P<section>\w+|\{\{type\}\})\.(?P<name>\w+),\s*(?P<parser>\w+),\s*(?P<argument>\w+),")
_MACRO = re.compile(r"macro (?P<context>\w+)_CONTEXT_CONFIG_ITEMS")
_CALL = re.compile(r"^\{\{ (?P<context>\w+)_CONTEXT_CONFIG_ITEMS\('(?P<section>\w+)'\) \}\}")


@frozen
class Item:
    """A line of the table: what systemd does with one name in one section, or in several that share it."""

    section: str
    name: str
    parser: str
    argument: str

    @property
    def compiled_out(self) -> bool:
        """The branch of a build without some library, which no distribution's systemd takes."""
        return self.argument == "DISABLED_CONFIGURATION"

    @property
    def ignored(self) -> bool:
        """Still known, and without effect."""
        return self.argument == "DISABLED_LEGACY"


def _lines(source: Path) -> Iterator[tuple[str, str]]:
    """Each line with the shared section that the macro around it stands for, or nothing outside of macros."""
    context = ""
    for line in (source / TABLE).read_text(encoding="utf-8").splitlines():
        if macro := _MACRO.search(line):
            context = SHARED[macro["context"]]
        elif "endmacro" in line:
            context = ""
        yield context, line


def items(source: Path) -> list[Item]:
    """What one systemd knows, in its own order, with the shared sections under their own names."""
    found = []
    for context, line in _lines(source):
        if match := _ITEM.match(line):
            parser = match["parser"].removeprefix("config_parse_")
            item = Item(context or match["section"], match["name"], parser, match["argument"])
            if not item.compiled_out:
                found.append(item)
    return found


def sharing(source: Path) -> dict[str, tuple[str, ...]]:
    """Which shared sections each section of a file takes in, as the table says it."""
    shared: dict[str, tuple[str, ...]] = {}
    for _, line in _lines(source):
        if call := _CALL.match(line):
            shared[call["section"]] = (*shared.get(call["section"], ()), SHARED[call["context"]])
    return shared
