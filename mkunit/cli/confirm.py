"""`mkunit confirm`: keep what `mkunit apply --confirm` has done."""

from argparse import ArgumentParser, Namespace

from mkunit.cli import site, unconfirmed
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, RefusedError
from mkunit.runner import confirm

USAGE = "mkunit confirm [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "Keep what `mkunit apply --confirm SECONDS` has done; without it, it is taken back in time."
    parser.epilog = "examples:\n  mkunit confirm"
    site.scope_arguments(parser)
    parser.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another mkunit to end")


def run(given: Namespace, ui: Ui) -> int:
    kept = []
    for one in site.current_sites(given):
        with one.locked(given.wait):
            if confirm(one.records):
                unconfirmed.disarm(one)
                kept.append(one)
                ui.say(f"kept: generation {one.records.current().number} of `{one.project}` ({one.live.scope})")
    if not kept:
        raise RefusedError(Diagnostic("nothing-to-confirm", "nothing waits to be confirmed", "see `mkunit history`"))
    if ui.json:
        rows = [
            {"project": at.project, "scope": at.live.scope, "generation": at.records.current().number} for at in kept
        ]
        ui.document({"kept": rows})
    return 0
