"""`mkunit rollback`: an older generation becomes the next one, by the same plan, health checks and journal."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

from mkunit.cli import allowing, apply, leaving, site
from mkunit.cli.ui import Ui
from mkunit.errors import RefusedError
from mkunit.model.plan import Generation
from mkunit.pipeline import deploy
from mkunit.pipeline.deploy import Site
from mkunit.planner import Leave, Options

USAGE = "mkunit rollback [N] [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Bring back what an older generation held; without N the one before the current one."
    parser.epilog = "examples:\n  mkunit rollback\n  mkunit rollback 12 --yes"
    parser.add_argument("number", nargs="?", type=_number, metavar="N", help="as `mkunit history` shows it")
    site.scope_arguments(parser)
    site.run_arguments(parser)
    allowing.argument(parser)
    parser.add_argument(
        "--overwrite-drift", action="store_true", help="overwrite what others changed in mkunit's files"
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is no number of a generation: `mkunit history` shows them")
    return int(text)


def run(given: Namespace, ui: Ui) -> int:
    how = site.manner(given, ui)
    sites = site.current_sites(given)
    leave = Options(
        Leave(overwrite_drift=given.overwrite_drift), allow=allowing.allowed(given), leaves=leaving.possible()
    )
    with site.locked(sites, given, ui, how):
        wanted = _wanted(sites, given.number)
        plans = [(one, deploy.settled(one, to, leave, given.busy)) for one, to in wanted]
        code = apply.execute(plans, given, ui)
    return leaving.go([plan for _, plan in plans], ui) if code is None else code


def _wanted(sites: Sequence[Site], number: int | None) -> list[tuple[Site, Generation]]:
    """What each scope goes back to; one that has no such generation stays as it is, unless it is the only one."""
    found, refusals = [], []
    for one in sites:
        try:
            found.append((one, deploy.back_to(one, number)))
        except RefusedError as error:
            refusals.append(error)
    if not found:
        raise refusals[0]
    return found
