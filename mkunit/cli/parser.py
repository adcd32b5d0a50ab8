"""argv to a command and its arguments: only the parser of the command that was asked for is built."""

import argparse
import sys
from argparse import SUPPRESS, Namespace
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import ClassVar, NoReturn

from mkunit import __version__
from mkunit.cli.commands import COMMANDS
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, UsageError

Command = Callable[[Namespace, Ui], int]

# argparse looks for translations of its own words at every start; mkunit speaks English throughout.
vars(argparse)["_"] = str
# How the help shows them; a command that is in no group comes last.
GROUPS: dict[str, tuple[str, ...]] = {
    "units as Python": (
        "init", "build", "check", "graph", "plan", "apply", "confirm", "history", "rollback", "recover", "import",
    ),
    "one unit, from flags": (
        "service", "socket", "timer", "path", "mount", "automount", "swap", "target", "slice",
    ),
    "what is installed": (
        "list", "status", "show", "logs", "explain", "validate", "security", "edit", "link", "remove",
    ),
    "to try things": ("run", "probe"),
}  # fmt: skip


class Parser(argparse.ArgumentParser):
    """argparse, whose complaints are diagnostics with a hint."""

    is_asked_for_help = False
    argv: ClassVar[Sequence[str]] = ()
    environment: ClassVar[Mapping[str, str]] = {}

    @property
    def color(self) -> bool:
        """Python 3.14 would paint the help by itself, and whatever it is asked to say."""
        return False

    @color.setter
    def color(self, value: bool) -> None:
        pass

    def format_help(self) -> str:
        Parser.is_asked_for_help = True
        return super().format_help()

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> object:
        # argparse before Python 3.13 takes the value of `--flag=--` for the end of the flags.
        if action.option_strings and action.nargs is None and arg_strings == ["--"]:
            return self._get_value(action, "--")
        return super()._get_values(action, arg_strings)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        words = [str(word) for word in action.choices or ()]
        if not words or str(value) in words:
            return
        from mkunit.errors import near  # only where something is wrong

        name = action.option_strings[-1] if action.option_strings else self.prog
        meant = near(str(value), words)
        hint = f"did you mean `{meant}`?" if meant else f"write one of {', '.join(f'`{word}`' for word in words)}"
        raise UsageError(Diagnostic("bad-value", f"`{name}`: `{value}` is not one of its words", hint))

    def error(self, message: str) -> NoReturn:
        raise UsageError(Diagnostic("usage", message, self._hint(message)))

    def _hint(self, message: str) -> str:
        unknown = message.partition("unrecognized arguments: ")[2].split()
        if unknown and unknown[0].startswith("-"):
            from mkunit.cli.meant import flag  # only where something is wrong

            known = [text for action in self._actions for text in action.option_strings]
            if hint := flag(unknown[0].partition("=")[0], known, self.prog.rpartition(" ")[2]):
                return hint
        if message.endswith(" expected one argument"):
            names = message.removeprefix("argument ").partition(":")[0].split("/")
            after = [then for word, then in zip(self.argv, self.argv[1:], strict=False) if word in names]
            if after and after[0].startswith("-") and after[0] not in self._option_string_actions:
                return f"write `{names[-1]}={after[0]}`, as the value starts with `-`"
        return f"`{self.prog} --help` shows what it takes"


class _Help(argparse.Action):
    """Shows the help; with colours where it goes to a terminal that may have some."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Namespace, values: object, option_string: str | None = None
    ) -> None:
        if sys.stdout.isatty() and Ui.early(Parser.argv, Parser.environment).color:
            from mkunit.reporter import help as report  # rich is slow to import, and only a terminal needs it

            report.paint(parser.format_help())
        else:
            parser.print_help()
        parser.exit()


class _Version(argparse.Action):
    """Shows the version; argparse's own would lay it out as a help, which takes longer than all the rest."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Namespace, values: object, option_string: str | None = None
    ) -> None:
        as_json = Ui.early(Parser.argv, Parser.environment).json
        sys.stdout.write(f'{{"version": "{__version__}"}}\n' if as_json else f"mkunit {__version__}\n")
        parser.exit()


class _Formatter(argparse.HelpFormatter):
    """Fits every line to the terminal, and breaks no flag at its hyphens."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from mkunit.cli.layout import fitted  # only where help is shown

        return fitted(text, width)

    def _split_lines(self, text: str, width: int) -> list[str]:
        from mkunit.cli.layout import wrapped  # as above

        return wrapped(text, width)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """A formatter that does not measure the terminal each time an argument is added, only to paint the help."""
    width = min(_width(), 100) if Parser.is_asked_for_help else 80
    return _Formatter(prog, max_help_position=32 if width > 70 else 24, width=width)


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
    group.add_argument("-h", "--help", action=_Help, nargs=0, help="show this, and end")


def root() -> Parser:
    """What stands before a command's name."""
    parser = Parser(
        "mkunit", usage="mkunit [options] COMMAND …", add_help=False, allow_abbrev=False,
        formatter_class=_formatter,
        description=f"systemd units written in Python, reviewed as diffs, applied safely.\n\n{_listing()}",
        epilog="`mkunit COMMAND --help` tells about a command.",
    )  # fmt: skip
    _global(parser)
    parser.add_argument("-V", "--version", action=_Version, nargs=0, help="show the version, and end")
    return parser


def groups() -> dict[str, tuple[str, ...]]:
    """The commands in their groups; those that are in none come last."""
    grouped = {name for names in GROUPS.values() for name in names}
    return {**GROUPS, "more": tuple(name for name in COMMANDS if name not in grouped)}


def _listing() -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = []
    for heading, names in groups().items():
        lines += [f"{heading}:", *(f"  {name:<{width}}{COMMANDS[name][1]}" for name in names), ""]
    return "\n".join(lines).rstrip()


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
    Parser.argv, Parser.environment = argv, environment
    place = _place(argv)
    first = root() if place is None or place else None
    before = first.parse_args(argv[:place]) if first else Namespace()
    if place is None:
        if first:
            first.print_help(sys.stderr)
        raise UsageError(Diagnostic("usage", "there is no command", "name one, such as `mkunit build`"))
    name = argv[place]
    if name == "help":
        return parse([*argv[place + 1 :], "--help"], environment)
    if name not in COMMANDS:
        raise _unknown(name)
    parser, module = of_command(name)
    arguments = parser.parse_args(argv[place + 1 :], before)
    command: Command = module.run
    arguments.command = name
    return command, arguments, Ui.of(arguments, environment)


def of_command(name: str) -> tuple[Parser, ModuleType]:
    """The parser of a command, and the module that it lives in."""
    module = import_module(COMMANDS[name][0])
    usage = getattr(module, "USAGE", None)
    parser = Parser(f"mkunit {name}", usage=usage, add_help=False, allow_abbrev=False, formatter_class=_formatter)
    parser._positionals.title = "arguments"
    module.arguments(parser, name)
    _global(parser)
    return parser, module


def _unknown(name: str) -> UsageError:
    from mkunit.errors import near  # only where something is wrong

    meant = near(name, COMMANDS)
    hint = f"did you mean `mkunit {meant}`?" if meant else f"the commands are {', '.join(COMMANDS)}"
    return UsageError(Diagnostic("unknown-command", f"there is no command `{name}`", hint))
