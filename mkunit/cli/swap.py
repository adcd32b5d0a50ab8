"""`mkunit swap`: one swap unit from flags."""

from argparse import ArgumentParser, Namespace

from mkunit.cli import curated, oneoff, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Swap
from mkunit.model.unit import Unit

USAGE = "mkunit swap DEVICE [options]"
FLAGS = (
    Flag("--priority", "priority", "N", "which is used first: the higher number"),
    Flag("--options", "options", "OPTIONS", "options, with commas between them, such as discard"),
    Flag("--timeout", "timeout_sec", "SPAN", "how long it may take to turn it on"),
)
_SPELLED = curated.spelled(FLAGS)
_EPILOG = """examples:
  mkunit swap /swapfile --priority 10 --dry-run
  mkunit swap /dev/sdb2 --options discard --install --enable --start"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One swap unit, named after its device or file. Swaps are the system's."
    parser.epilog = _EPILOG
    parser.add_argument("place", nargs="?", metavar="DEVICE", help="the device or file to swap on")
    curated.arguments(parser, "swap", FLAGS)
    oneoff.arguments(parser, "swap")


def run(given: Namespace, ui: Ui) -> int:
    given.system = not given.user_scope
    if not given.place:
        if given.place == "" or not ui.interactive:
            raise oneoff.usage("usage", "the swap has no device", "write `mkunit swap DEVICE`")
        given.place = prompt.asked(ui, "Device or file to swap on", Swap)
    if given.place.startswith(("./", "../")):
        given.place = curated.absolute(given, ui, given.place)
    return oneoff.run(given, ui, "swap", lambda: [_build(given, ui)], _SPELLED)


def _build(given: Namespace, ui: Ui) -> Unit:
    found = curated.options(given, ui, "swap", FLAGS, {}, _SPELLED)
    return Swap(given.place, **found)  # type: ignore[arg-type]  # checked when it is built
