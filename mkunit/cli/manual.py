"""The man page, built from the parsers: it says what `--help` says, of all commands."""

import argparse
from collections.abc import Iterator, Sequence

from mkunit import __version__
from mkunit.cli.surface import Command

CODES = {
    "0": "done", "1": "the units are wrong, or nobody answers", "2": "the command line or the settings are wrong",
    "3": "no such unit", "4": "permission denied", "5": "systemd refused, or is absent",
    "6": "out of date, or changes wait", "7": "applied, failed, and rolled back", "8": "rollback incomplete",
    "9": "refused untouched: a file is somebody else's, was changed, or the plan is stale", "75": "locked or busy",
    "130": "interrupted",
}  # fmt: skip
ENVIRONMENT = {
    "NO_COLOR": "whatever its value is, there are no colours", "CI": "nothing is asked",
    "VISUAL, EDITOR": "the editor of `mkunit edit`", "XDG_CONFIG_HOME": "where the units of a user are",
    "SUDO_USER": "under sudo, what is meant for the user's own systemd is asked about",
}  # fmt: skip
FILES = {
    "units/*.py": "units files; running one is running code",
    "pyproject.toml": "settings, in the table [tool.mkunit]",
    "/etc/systemd/system, ~/.config/systemd/user": "where units are installed",
}


def page(commands: Sequence[Command], shared: argparse.ArgumentParser) -> str:
    """The page in roff, the same bytes for the same version."""
    lines = [f'.TH MKUNIT 1 "" "mkunit {__version__}" "User Commands"', ".nh", ".SH NAME"]
    lines += [f"mkunit {roff('-')} systemd units written in Python, reviewed as diffs, applied safely", ".SH SYNOPSIS"]
    lines += [".B mkunit", roff("[options] COMMAND …"), ".SH DESCRIPTION"]
    lines += [
        roff("Data goes to standard output, everything else to standard error. A command has examples below."),
        ".SH OPTIONS",
    ]
    lines += _actions(shared)
    lines.append(".SH COMMANDS")
    own = {flag for action in shared._actions for flag in action.option_strings}
    for command in commands:
        lines += _command(command, own)
    for title, rows in (("EXIT STATUS", CODES), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        lines.append(f".SH {title}")
        for word, text in rows.items():
            lines += [".TP", f".B {roff(word)}", roff(text)]
    see = ("systemd.unit(5)", "systemd.socket(5)", "systemctl(1)", "journalctl(1)", "systemd-socket-activate(1)")
    return "\n".join([*lines, ".SH SEE ALSO", roff(", ".join(see))]) + "\n"


def _command(command: Command, shared: set[str]) -> Iterator[str]:
    yield f".SS mkunit {roff(command.name)}"
    yield roff(f"{(command.parser.description or command.summary).replace(chr(10), ' ')}")
    usage = (command.parser.usage or command.parser.format_usage().removeprefix("usage: ")).split()
    yield from (".PP", ".B " + roff(" ".join(usage)))
    yield from _actions(command.parser, shared)
    heading, _, examples = (command.parser.epilog or "").partition("\n")
    if examples:
        yield from (".PP", roff(heading.capitalize()), ".PP", ".RS 4", ".nf")
        yield from (roff(line.strip()) for line in examples.split("\n"))
        yield from (".fi", ".RE")


def _actions(parser: argparse.ArgumentParser, but: set[str] | frozenset[str] = frozenset()) -> Iterator[str]:
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or set(action.option_strings) & but:
            continue
        value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        names = ", ".join(f"\\fB{roff(name)}\\fR" for name in action.option_strings)
        if not names:
            names = f"\\fI{roff(value)}\\fR"
        elif action.nargs != 0:
            names += f" [\\fI{roff(value)}\\fR]" if action.nargs == "?" else f" \\fI{roff(value)}\\fR"
        yield from (".TP", names, roff((action.help or "").replace("%%", "%")))


def roff(text: str) -> str:
    r"""Text of which roff takes nothing for its own.

    >>> print(roff(".x -- y\\z"))
    \&.x \-\- y\ez
    """
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
