"""The flags of one-off commands that stand for a directive: their shape is the catalogue's, their names are ours."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mkunit import catalog
from mkunit.cli import oneoff
from mkunit.cli.ui import Ui
from mkunit.errors import MkunitError


class Flag(NamedTuple):
    """A flag, the keyword of its directive, and its help; the catalogue says whether it takes a value, and repeats."""

    flag: str
    keyword: str
    metavar: str
    help: str


DEPENDENCIES = (
    Flag("--wants", "wants", "UNIT", "a unit that is started with it; may repeat, as all that name units"),
    Flag("--requires", "requires", "UNIT", "a unit without which it does not run"),
    Flag("--after", "after", "UNIT", "a unit that starts first"),
    Flag("--before", "before", "UNIT", "a unit that starts later"),
)
WANTED_BY = Flag("--wanted-by", "wanted_by", "UNIT", "the target that starts it, once enabled")
UNIT = Flag("--unit", "activates", "NAME", "the unit to start (default: NAME.service)")


def _plain(text: str) -> str:
    """Help that argparse shows as it is: it would take a `%` for its own."""
    return text.replace("%", "%%")


def arguments(parser: ArgumentParser, kind: str, flags: Iterable[Flag]) -> None:
    """The flags themselves."""
    for flag in flags:
        place = catalog.keywords(kind).get(flag.keyword)
        row = catalog.lookup(*place) if place else None
        if row and row.value == "bool":
            parser.add_argument(flag.flag, dest=_dest(flag), action="store_true", help=_plain(flag.help))
        else:
            action = "append" if row and row.many != "single" else "store"
            parser.add_argument(
                flag.flag, dest=_dest(flag), action=action, metavar=flag.metavar, help=_plain(flag.help)
            )


def _dest(flag: Flag) -> str:
    # Apart from the names of other arguments: `--user` is a directive of a service, and a scope elsewhere.
    return f"flag_{flag.keyword}"


def value(given: Namespace, keyword: str) -> str | list[str] | None:
    """What was given for a keyword."""
    found = vars(given).get(f"flag_{keyword}")
    return found if isinstance(found, str | list) else None


def spelled(flags: Iterable[Flag]) -> dict[str, str]:
    """Keywords as flags, for complaints."""
    return {flag.keyword: flag.flag for flag in flags} | {"description": "--description"}


def options(
    given: Namespace, ui: Ui, kind: str, flags: Sequence[Flag], own: Mapping[str, object], names: Mapping[str, str]
) -> dict[str, object]:
    """The builder's keywords: what the command itself found out (`own`), the flags, and then `--set`."""
    rest = oneoff.directives(given, kind)
    found: dict[str, object] = {"description": given.description} if given.description is not None else {}
    found |= {keyword: value for keyword, value in own.items() if keyword == "exec_start"}  # what matters most
    for flag in flags:
        text = vars(given)[_dest(flag)]
        if text is not None and text is not False:
            found[flag.keyword] = True if text is True else _checked(given, ui, flag, text)
    found |= own
    if twice := next((keyword for keyword in found if keyword in rest), None):
        message = f"`{names.get(twice, twice)}` and `--set` say the same"
        raise oneoff.usage("double-directive", message, "leave one of them out")
    return found | rest


def _checked(given: Namespace, ui: Ui, flag: Flag, text: str | list[str]) -> str | list[str]:
    """One value or several, none of them empty, and paths from the root."""
    texts = [text] if isinstance(text, str) else text
    if "" in texts:
        raise empty(flag.flag)
    if flag.metavar == "PATH":
        texts = [absolute(given, ui, one) for one in texts]
    return texts if isinstance(text, list) else texts[0]


def empty(flag: str) -> MkunitError:
    """A flag whose value is empty, as that of an unset variable is."""
    return oneoff.usage("bad-value", f"`{flag}` is empty", "give it a value, or leave it out")


def absolute(given: Namespace, ui: Ui, path: str) -> str:
    """A path from the root, as systemd wants it: a unit has no folder of its own to start from."""
    if path.startswith(("/", "%", "~", "-", "!")):
        return path
    from os.path import normpath

    from mkunit.cli.folder import folder  # only where a path is relative

    found = normpath(folder(given) / path).replace("%", "%%")
    say(ui, path, found)
    return found


def say(ui: Ui, written: str, meant: str) -> None:
    """What a path stands for; a terminal would obey its control characters."""
    from mkunit.reporter.clean import printable  # only where something is said

    ui.say(f"`{printable(written)}` is {printable(meant)}")
