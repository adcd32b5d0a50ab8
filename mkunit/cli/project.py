"""What every command that works on a project's units shares: its flags, and finding the project."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mkunit.cli import rights
from mkunit.cli.folder import folder
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, UsageError
from mkunit.settings import Settings, find


def arguments(parser: ArgumentParser) -> None:
    """The units files that are meant, the host, and the parameters."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="units files, or folders of them (default: the project's)"
    )
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value for `param(NAME)`")
    hosts = parser.add_mutually_exclusive_group()
    hosts.add_argument("--host", metavar="HOST", help="for one host of [tool.mkunit.hosts]")
    hosts.add_argument("--all-hosts", action="store_true", help="for each of them, in a folder of its own")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument(
        "--system", action="store_const", const="system", dest="scope", help="units without a scope are the system's"
    )
    scopes.add_argument(
        "--user", action="store_const", const="user", dest="scope", help="units without a scope are the user's"
    )


def settings(given: Namespace) -> Settings:
    """The project that is meant."""
    scope: str | None = given.scope
    return find(folder(given)).with_scope("user" if scope == "global" else scope)


def looked_at(given: Namespace, ui: Ui) -> Settings:
    """The same for a command that changes no machine: it needs no rights that the owner of the files has not."""
    found = settings(given)
    rights.lower(found.units, ui)
    return found


def paths(given: Namespace) -> list[Path]:
    """The paths on the command line, from the folder to work in."""
    return [folder(given) / path for path in given.paths]


def parameters(given: Namespace) -> dict[str, str]:
    """`--set NAME=VALUE`, as a dict."""
    found = {}
    for text in given.set:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(Diagnostic("usage", f"`--set {text}` is no assignment", "write `--set NAME=VALUE`"))
        found[name] = value
    return found
