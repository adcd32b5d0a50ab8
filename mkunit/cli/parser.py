"""argv to a command and its arguments: only the parser of the command that was asked for is built."""

import argparse
import sys
from argparse import SUPPRESS, Namespace
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NoReturn

from mkunit import __version__
from mkunit.cli.commands import COMMANDS
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, UsageError

Command = Callable[[Namespace, Ui], int]


class Parser(argparse.ArgumentParser):
    """argparse, whose complaints are diagnostics with a hint."""

    is_asked_for_help = False

    def format_help(self) -> str:
        Parser.is_asked_for_help = True
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        raise UsageError(Diagnostic("usage", message, self._hint(message)))

    def _hint(self, message: str) -> str:
        unknown = message.partition("unrecognized arguments: ")[2].split()
        if unknown and unknown[0].startswith("-"):
            from mkunit.dsl.wrong import near  # only where something is wrong

            flags = [flag for action in self._actions for flag in action.option_strings]
            if meant := near(unknown[0].partition("=")[0], flags):
                return f"did you mean `{meant}`?"
        return f"`{self.prog} --help` shows what it takes"


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wraps descriptions, but not what has lines of its own, such as examples."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n " in text:
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """A formatter that does not measure the terminal each time an argument is added, only to paint the help."""
    width = min(_width(), 100) if Parser.is_asked_for_help else 80
    return _Formatter(prog, max_help_position=32, width=width)


def _width() -> int:
    import shutil  # slow to import

    return shutil.get_terminal_size().columns - 2


def _global(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("for every command")
    group.add_argument("-v", "--verbose", action="store_true", default=SUPPRESS, help="say more")
    group.add_argument("-q", "--quiet", action="store_true", default=SUPPRESS, help="say only what is wrong")
    group.add_argument("--json", action="store_true", default=SUPPRESS, help="data as JSON on standard output")
    group.add_argument("--no-color", action="store_true", default=SUPPRESS, help="no colours; NO_COLOR does the same")
    group.add_argument("--no-interactive", action="store_true", default=SUPPRESS, help="ask nothing")
    group.add_argument("-C", dest="folder", metavar="DIR", default=SUPPRESS, help="work in another folder")
    group.add_argument("-h", "--help", action="help", help="show this, and end")


def _root() -> Parser:
    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:<{width}}{entry[1]}" for name, entry in COMMANDS.items())
    parser = Parser(
        "mkunit", usage="mkunit [options] COMMAND …", add_help=False, allow_abbrev=False,
        formatter_class=_formatter,
        description=f"systemd units written in Python, reviewed as diffs, applied safely.\n\ncommands:\n{listing}",
        epilog="`mkunit COMMAND --help` tells about a command.",
    )  # fmt: skip
    _global(parser)
    parser.add_argument(
        "-V", "--version", action="version", version=f"mkunit {__version__}", help="show the version, and end"
    )
    return parser


def _place(argv: Sequence[str]) -> int | None:
    """Where the command's name stands: the first word that is neither a flag nor the value of `-C`."""
    skip = False
    for i, word in enumerate(argv):
        if skip:
            skip = False
        elif word == "-C":
            skip = True
        elif not word.startswith("-"):
            return i
    return None


def parse(argv: Sequence[str], environment: Mapping[str, str]) -> tuple[Command, Namespace, Ui]:
    """The command that is meant, its arguments, and the way to talk to the user."""
    place = _place(argv)
    root = _root() if place is None or place else None
    before = root.parse_args(argv[:place]) if root else Namespace()
    if place is None:
        if root:
            root.print_help(sys.stderr)
        raise UsageError(Diagnostic("usage", "there is no command", "name one, such as `mkunit build`"))
    name = argv[place]
    if name not in COMMANDS:
        raise _unknown(name)
    module = import_module(COMMANDS[name][0])
    parser = Parser(
        f"mkunit {name}",
        usage=getattr(module, "USAGE", None),
        add_help=False,
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    module.arguments(parser, name)
    _global(parser)
    arguments = parser.parse_args(argv[place + 1 :], before)
    command: Command = module.run
    arguments.command = name
    return command, arguments, Ui.of(arguments, environment)


def _unknown(name: str) -> UsageError:
    from mkunit.dsl.wrong import near  # only where something is wrong

    meant = near(name, COMMANDS)
    hint = f"did you mean `mkunit {meant}`?" if meant else f"the commands are {', '.join(COMMANDS)}"
    return UsageError(Diagnostic("unknown-command", f"there is no command `{name}`", hint))
