"""All commands with their flags and what those take, read off the parsers: for completions and the manual."""

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from mkunit import catalog
from mkunit.catalog import values
from mkunit.checker import prose
from mkunit.cli import explain_code
from mkunit.cli.commands import COMMANDS
from mkunit.cli.parser import of_command
from mkunit.model.name import KINDS

UNITS, FILES, FOLDERS, DIRECTIVES, USERS, GROUPS, NOTHING = (
    "units",
    "files",
    "folders",
    "directives",
    "users",
    "groups",
    "",
)
_BY_METAVAR = {
    "PATH": FILES, "FILE": FILES, "FILE|NAME": UNITS, "FILE|NAME|DIR": UNITS, "PLAN": FILES,
    "DIR": FOLDERS, "UNIT": UNITS, "USER": USERS, "GROUP": GROUPS,
}  # fmt: skip
_UNIT_NAMES = (
    "show",
    "list",
    "logs",
    "edit",
    "status",
    "remove",
    "explain",
    "validate",
    "run",
)  # commands whose NAME is a unit


# Words of others' that no parser of ours checks (journalctl(1), systemctl(1)).
_WORDS = {
    "--priority": ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"),
    "--output": (
        "short",
        "short-full",
        "short-iso",
        "short-precise",
        "verbose",
        "export",
        "json",
        "json-pretty",
        "cat",
    ),
    "--state": ("active", "inactive", "failed", "activating", "deactivating", "reloading"),
}
_CODES = ("--select", "--ignore")


class Flag(NamedTuple):
    """A flag by all its names, and what completes its value: a sort of thing, or words."""

    names: tuple[str, ...]
    help: str
    metavar: str | None  # None where it takes no value
    sort: str = NOTHING
    words: tuple[str, ...] = ()
    optional: bool = False


class Command(NamedTuple):
    """A command, its flags, and what completes its arguments."""

    name: str
    summary: str
    flags: tuple[Flag, ...]
    sort: str
    words: tuple[str, ...]
    parser: argparse.ArgumentParser


def commands() -> list[Command]:
    """Every command; their modules are imported for it."""
    return [_command(name, summary) for name, (_, summary) in COMMANDS.items()]


def _command(name: str, summary: str) -> Command:
    parser, _ = of_command(name)
    sort = NOTHING
    words: list[str] = []
    for action in parser._actions:
        if not action.option_strings:
            words += [str(word) for word in action.choices or ()]
            metavar = action.metavar if isinstance(action.metavar, str) else ""
            named = UNITS if metavar == "NAME" and name in _UNIT_NAMES else NOTHING
            sort = sort or _BY_METAVAR.get(metavar, named)
    words += [*directives(), *prose.everything(), *explain_code.everything()] if name == "explain" else []
    return Command(name, summary, flags(name, parser), sort, tuple(words), parser)


def flags(command: str, parser: argparse.ArgumentParser) -> tuple[Flag, ...]:
    """The flags that a parser shows."""
    shown = (action for action in parser._actions if action.option_strings and action.help != argparse.SUPPRESS)
    return tuple(_flag(command, action) for action in shown)


def _flag(command: str, action: argparse.Action) -> Flag:
    names, text = tuple(action.option_strings), (action.help or "").replace("%%", "%")
    if action.nargs == 0:
        return Flag(names, text, None)
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    sort = _BY_METAVAR.get(metavar, UNITS if names[0] == "--unit" else NOTHING)
    words = tuple(str(word) for word in action.choices or ()) or tuple(_words(command, action))
    if action.dest == "set" and command in catalog.kinds():
        sort, words = DIRECTIVES, tuple(f"{name}=" for _, name in catalog.keywords(command).values())
    return Flag(names, text, metavar, sort, words, action.nargs == "?")


def _words(command: str, action: argparse.Action) -> Iterator[str]:
    """What a directive takes, where that is one of a few words."""
    keyword = action.dest.removeprefix("flag_")
    if action.metavar == "KIND":
        yield from KINDS
    if command in ("logs", "list"):
        yield from _WORDS.get(action.option_strings[-1], ())
    if action.option_strings[-1] in _CODES:
        yield from prose.everything()
    if action.dest == "hardening":
        yield from dict.fromkeys(profile for profile, _, _ in catalog.rows("profiles.tsv"))
    if keyword == action.dest or command not in catalog.kinds() or keyword not in catalog.keywords(command):
        return
    row = catalog.lookup(*catalog.keywords(command)[keyword])
    grammar = values.describe(row) if row else None
    if grammar and len(grammar.good) > 2 and all(f"`{word}`" in grammar.line for word in grammar.good):
        yield from grammar.good


def directives() -> list[str]:
    """The names of all directives."""
    sections = dict.fromkeys(section for kind in catalog.kinds() for section in catalog.sections(kind))
    return sorted({name for section in sections for name in catalog.directives(section)})
