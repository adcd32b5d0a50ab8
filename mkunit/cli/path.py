"""`mkunit path`: one path unit from flags, and with `--exec` the service that it starts."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import curated, oneoff, program, prompt
from mkunit.cli.curated import Flag
from mkunit.cli.ui import Ui
from mkunit.dsl import Path
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit

USAGE = "mkunit path NAME --exists|… PATH [options]"
WATCHES = (
    Flag("--exists", "path_exists", "PATH", "start it while this exists; may repeat, as all of these"),
    Flag("--exists-glob", "path_exists_glob", "PATH", "while a file matches, such as /var/spool/*.job"),
    Flag("--changed", "path_changed", "PATH", "when this has changed and was closed"),
    Flag("--modified", "path_modified", "PATH", "when this has changed, at every write"),
    Flag("--not-empty", "directory_not_empty", "PATH", "while this folder has something in it"),
)
FLAGS = (
    *WATCHES,
    Flag("--make-directory", "make_directory", "", "make the folder that is watched"),
    Flag("--directory-mode", "directory_mode", "MODE", "its octal mode (default: 0755)"),
    curated.UNIT,
)
_SPELLED = curated.spelled(FLAGS) | {"exec_start": "--exec"}
_EPILOG = """examples:
  mkunit path inbox --not-empty /var/spool/inbox --make-directory --exec /usr/local/bin/sort-inbox --dry-run
  mkunit path reload --changed /etc/app.conf --unit app-reload --system --install --enable --start"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "One path unit, which starts a service when files appear or change."
    parser.epilog = _EPILOG
    parser.add_argument("name", nargs="?", metavar="NAME", help="the unit's name, without .path")
    curated.arguments(parser, "path", FLAGS)
    program.arguments(parser, "write the service too: it runs this, and ends")
    oneoff.arguments(parser, "path")


def run(given: Namespace, ui: Ui) -> int:
    prompt.name(given, ui, "path", lambda text: Path(text, path_exists="/x"), "NAME --exists PATH")
    names = ("Path", "DirectoryNotEmpty")
    if not any(curated.value(given, w.keyword) for w in WATCHES) and not any(t.startswith(names) for t in given.set):
        if not ui.interactive:
            hint = "give it `--exists PATH`, `--changed PATH`, `--not-empty FOLDER`, or another"
            raise oneoff.usage("no-trigger", f"`{given.name}` watches nothing", hint)
        answer = prompt.asked(ui, "Path whose changes start it", lambda text: Path("x", path_changed=text))
        given.flag_path_changed = [answer]
    makes = given.flag_make_directory or any(text.startswith("MakeDirectory=") for text in given.set)
    if curated.value(given, "directory_mode") and not makes:
        hint = "add `--make-directory`, or leave it out"
        raise oneoff.usage("mode-needs-directory", "`--directory-mode` has no effect without `--make-directory`", hint)
    program.refuse_other(given, "path")
    return oneoff.run(given, ui, "path", lambda: _build(given, ui), _SPELLED)


def _build(given: Namespace, ui: Ui) -> Sequence[Unit]:
    found = curated.options(given, ui, "path", FLAGS, {}, _SPELLED)
    path = Path(given.name, **found)  # type: ignore[arg-type]  # checked when it is built
    started = triggered(path)
    return [path, *program.service(given, ui, started[0] if started else given.name, type="oneshot")]
