"""`mkunit target`: one target unit from flags."""

from argparse import ArgumentParser, Namespace

from mkunit.cli import curated, oneoff, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Target
from mkunit.model.unit import Unit

USAGE = "mkunit target NAME [options]"
FLAGS = (
    *curated.DEPENDENCIES,
    Flag("--conflicts", "conflicts", "UNIT", "a unit that stops when it starts"),
    Flag("--allow-isolate", "allow_isolate", "", "`systemctl isolate` may leave only what it wants running"),
    curated.WANTED_BY,
)
_SPELLED = curated.spelled(FLAGS)
_EPILOG = """examples:
  mkunit target shop --wants web.service --wants worker.service --install --enable --start
  mkunit target rescue-shop --conflicts shop.target --allow-isolate --dry-run"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One target unit: a group of units to start together, or a point to order others around."
    parser.epilog = _EPILOG
    parser.add_argument("name", nargs="?", metavar="NAME", help="the unit's name, without .target")
    curated.arguments(parser, "target", FLAGS)
    oneoff.arguments(parser, "target")


def run(given: Namespace, ui: Ui) -> int:
    prompt.name(given, ui, "target", Target, "NAME --wants UNIT")
    return oneoff.run(given, ui, "target", lambda: [_build(given, ui)], _SPELLED)


def _build(given: Namespace, ui: Ui) -> Unit:
    found = curated.options(given, ui, "target", FLAGS, {}, _SPELLED)
    return Target(given.name, **found)  # type: ignore[arg-type]  # checked when it is built
