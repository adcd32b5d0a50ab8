"""`mkunit recover`: end an apply that was interrupted; the next apply does it as well."""

from argparse import SUPPRESS, ArgumentParser, Namespace

from mkunit.cli import site, unconfirmed
from mkunit.cli.ui import Ui
from mkunit.pipeline.deploy import Site
from mkunit.runner import Manner
from mkunit.system.everyone import machine

USAGE = "mkunit recover [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "End what an interrupted apply began: before the first file was written it is taken back, else carried on."
    )
    parser.epilog = "examples:\n  mkunit recover\n  mkunit recover --back"
    site.scope_arguments(parser)
    parser.add_argument("--back", action="store_true", help="take it back in any case")
    parser.add_argument("--project", help=SUPPRESS)  # for the timer of `apply --confirm`, which has no folder
    parser.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another mkunit to end")
    parser.add_argument("--settle", type=float, default=5.0, metavar="SECONDS", help="watch services so long (5)")


def run(given: Namespace, ui: Ui) -> int:
    how = Manner(settle=given.settle)
    ended = []
    for one in _sites(given):
        with one.locked(given.wait):
            outcome = site.recover(one, ui, how, back=given.back)
            if outcome and not given.project:
                unconfirmed.disarm(one)
            if outcome:
                ended.append({"project": one.project, "scope": one.live.scope, "outcome": outcome})
    if ui.json:
        ui.document({"recovered": ended})
    if not ended:
        ui.say("nothing was interrupted")
    return 0


def _sites(given: Namespace) -> list[Site]:
    if given.project:
        return [Site(given.project, machine(given.scope or "system", site.root(given)))]
    found = [Site(name, live) for live in site.lives(given) for name in Site("", live).place.projects()]
    return [one for one in found if one.records.journal()]
