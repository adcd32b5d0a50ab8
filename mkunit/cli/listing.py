"""`mkunit list`: what mkunit has installed, and with `--all` what others have, in one table."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import site, standing
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, UsageError, near
from mkunit.model.name import KINDS
from mkunit.pipeline.survey import Standing

USAGE = "mkunit list [NAME…] [options]"
_EPILOG = """examples:
  mkunit list
  mkunit list 'web*' --type socket,service
  mkunit list --all --state failed
  mkunit list --type timer --json"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "List what mkunit has installed, in all projects and scopes: whether it runs, is enabled, was changed by"
        " others, waits for a restart, and when timers run next."
    )
    parser.epilog = _EPILOG
    standing.arguments(parser)
    parser.add_argument(
        "-t", "--type", action="append", default=[], metavar="KIND", help="only services, sockets, …: `service,timer`"
    )
    what = "only those so: active, failed, running, enabled, …; `drift`, `pending`"
    parser.add_argument("--state", action="append", default=[], metavar="STATE", help=what)
    parser.add_argument("-a", "--all", action="store_true", help="units that mkunit does not own, too")


def run(given: Namespace, ui: Ui) -> int:
    kinds, states = _words(given.type), _words(given.state)
    _known(kinds)
    site.interrupted(list(standing.sites(given)), ui)
    every = standing.rows(given, all_units=given.all)
    if wrong := standing.missing(given.names, every):
        hint = "`mkunit list` shows what mkunit has installed" + ", with `--all` the others, too" * (not given.all)
        raise standing.no_such(wrong, every, hint)
    rows = [row for row in every if _is_wanted(row, given.names, kinds, states)]
    if ui.json:
        ui.document({"units": [standing.document(row) for row in rows]})
    elif rows:
        standing.show(rows, time.time(), ui)
        _sum(rows, given, ui)
    elif every:
        ui.say(_nothing(every, states))
    else:
        ui.say("mkunit has installed nothing here: `mkunit init` makes a project, `mkunit service --help` one unit;")
        ui.say("`mkunit list --all` shows the units of others")
    return 0


def _words(texts: Sequence[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _known(kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in KINDS:
            meant = near(kind, KINDS)
            hint = f"did you mean `{meant}`?" if meant else f"the kinds are {', '.join(KINDS)}"
            raise UsageError(Diagnostic("bad-value", f"`--type`: `{kind}` is no kind of unit", hint))


def _is_wanted(row: Standing, names: Sequence[str], kinds: Sequence[str], states: Sequence[str]) -> bool:
    return (
        (not names or standing.is_meant(row, names))
        and (not kinds or row.kind in kinds)
        and (not states or not row.words.isdisjoint(states))
    )


def _sum(rows: Sequence[Standing], given: Namespace, ui: Ui) -> None:
    """How many there are, where that is not plain to see."""
    if given.all:
        ours = sum(row.owned for row in rows)
        ui.say(f"{ours} of mkunit's, {len(rows) - ours} of others, which have no project")


def _nothing(every: Sequence[Standing], states: Sequence[str]) -> str:
    """That there is none, and what may have been meant."""
    known = {word for row in every for word in row.words if word}
    meant = [near(word, known) for word in states if word not in known]
    return f"none of {len(every)} units is so" + (f"; did you mean `--state {meant[0]}`?" if meant and meant[0] else "")
