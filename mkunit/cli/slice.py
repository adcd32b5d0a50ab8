"""`mkunit slice`: one slice unit from flags."""

from argparse import ArgumentParser, Namespace

from mkunit.cli import curated, oneoff, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Slice
from mkunit.model.unit import Unit

USAGE = "mkunit slice NAME [options]"
FLAGS = (
    Flag("--memory-max", "memory_max", "SIZE", "more memory than this its units never get: 2G, 50%"),
    Flag("--memory-high", "memory_high", "SIZE", "from here on they are slowed down"),
    Flag("--cpu-quota", "cpu_quota", "PERCENT", "processor time, of one processor: 150%"),
    Flag("--cpu-weight", "cpu_weight", "N", "share of it beside others, 1 to 10000 (default: 100)"),
    Flag("--io-weight", "io_weight", "N", "the same for disks"),
    Flag("--tasks-max", "tasks_max", "N", "processes and threads"),
    Flag("--allowed-cpus", "allowed_cpus", "LIST", "the processors that they may use: 0-3"),
)
_SPELLED = curated.spelled(FLAGS)
_EPILOG = """examples:
  mkunit slice shop --memory-max 2G --cpu-quota 150% --install
  mkunit slice batch --cpu-weight 20 --io-weight 20 --dry-run"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One slice unit: a share of the machine, for units that say `Slice=NAME.slice`."
    parser.epilog = _EPILOG
    parser.add_argument("name", nargs="?", metavar="NAME", help="the unit's name, without .slice; a-b lies in a")
    curated.arguments(parser, "slice", FLAGS)
    oneoff.arguments(parser, "slice")


def run(given: Namespace, ui: Ui) -> int:
    prompt.name(given, ui, "slice", Slice, "NAME --memory-max 2G")
    return oneoff.run(given, ui, "slice", lambda: [_build(given, ui)], _SPELLED)


def _build(given: Namespace, ui: Ui) -> Unit:
    found = curated.options(given, ui, "slice", FLAGS, {}, _SPELLED)
    return Slice(given.name, **found)  # type: ignore[arg-type]  # checked when it is built
