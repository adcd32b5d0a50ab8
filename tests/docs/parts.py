"""The parts of the commands' pages that are read off the parsers, between marks that say so."""

import argparse
import re
from collections.abc import Iterable, Iterator

from mkunit.cli.commands import COMMANDS
from mkunit.cli.manual import CODES, ENVIRONMENT, FILES
from mkunit.cli.parser import groups, of_command, root

_PART = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- /made -->)", re.DOTALL)
SHARED = "for every command"


def made(page: str, parts: dict[str, str]) -> str:
    """The page with its parts made anew."""
    return _PART.sub(lambda match: f"{match[1]}{parts[match[2]]}{match[3]}", page)


def names(page: str) -> list[str]:
    """Which parts it has."""
    return [match[2] for match in _PART.finditer(page)]


def of_page(name: str) -> dict[str, str]:
    """The parts of the page of a command."""
    parser, _ = of_command(name)
    usage = (parser.usage or parser.format_usage().removeprefix("usage: ")).strip()
    shown = [group for group in parser._action_groups if group.title != SHARED and _rows(group)]
    tables = [_table(_title(group.title or ""), "", _rows(group)) for group in shown]
    return {"synopsis": f"```text\n{usage}\n```\n", "flags": "\n".join(tables)}


def of_index() -> dict[str, str]:
    """The parts of the index."""
    listed = [
        _table(heading, "", [(f"[{name}]({name}.md)", COMMANDS[name][1]) for name in found])
        for heading, found in groups().items()
    ]
    shared = next(group for group in root()._action_groups if group.title == SHARED)
    return {
        "commands": "\n".join(listed),
        "flags": _table("flag", "", _rows(shared)),
        "codes": _table("code", "", CODES.items()),
        "environment": _table("variable", "", ((f"`{name}`", text) for name, text in ENVIRONMENT.items())),
        "files": _table("file", "", ((f"`{name}`", text) for name, text in FILES.items())),
    }


def _title(heading: str) -> str:
    return {"arguments": "argument", "options": "flag"}.get(heading, heading)


def _rows(group: argparse._ArgumentGroup) -> list[tuple[str, str]]:
    return [
        (_names(action), (action.help or "").replace("%%", "%"))
        for action in group._group_actions
        if action.help != argparse.SUPPRESS
    ]


def _names(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices and not action.metavar:
        value = "|".join(map(str, action.choices))
    if not action.option_strings:
        return f"`{value}`"
    takes = "" if action.nargs == 0 else f" [{value}]" if action.nargs == "?" else f" {value}"
    *short, last = action.option_strings
    return ", ".join([*(f"`{name}`" for name in short), f"`{last}{takes}`"])


def _table(left: str, right: str, rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{line}\n" for line in _lines(left, right, rows))


def _lines(left: str, right: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (f"| {left} | {right} |".replace("  ", " "), "|---|---|")
    for name, text in rows:
        name, text = name.replace("|", "\\|"), re.sub(r"(?<![\\`\w])\*(?=\.)", r"\\*", text.replace("|", "\\|"))
        yield f"| {name} | {text} |"
