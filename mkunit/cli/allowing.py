"""`--allow UNIT`: protected units that may be restarted, or stopped, all the same."""

from argparse import ArgumentParser, Namespace

from mkunit.errors import Diagnostic, UsageError
from mkunit.model.name import is_name
from mkunit.planner import guard


def argument(parser: ArgumentParser) -> None:
    """The flag."""
    what = "restart or stop a protected unit such as `ssh.service`, too; may repeat"
    parser.add_argument("--allow", action="append", default=[], metavar="UNIT", help=what)


def allowed(given: Namespace) -> frozenset[str]:
    """The units; UsageError for one that mkunit never restarts."""
    names = [name if is_name(name) else f"{name}.service" for name in given.allow]
    for name in names:
        if (found := guard(name)) and found.is_absolute:
            hint = "let the next boot do it, or restart it yourself"
            raise UsageError(Diagnostic("protected", f"mkunit never restarts `{name}`: {found.why}", hint, unit=name))
    return frozenset(names)
