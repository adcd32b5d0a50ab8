"""`mkunit completions`: scripts for shells, and the man page, all of them made from the parsers."""

from argparse import ArgumentParser, Namespace

from mkunit.cli import manual, shells, surface
from mkunit.cli.parser import root
from mkunit.cli.ui import Ui

USAGE = "mkunit completions bash|zsh|fish|man"
_EPILOG = """examples:
  mkunit completions bash > ~/.local/share/bash-completion/completions/mkunit
  eval "$(mkunit completions bash)"
  mkunit completions zsh > ~/.zfunc/_mkunit
  mkunit completions fish > ~/.config/fish/completions/mkunit.fish
  mkunit completions man > ~/.local/share/man/man1/mkunit.1"""


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Print what completes commands, flags, directives and unit names in a shell, or the man page mkunit(1). Make"
        " it again after an update."
    )
    parser.epilog = _EPILOG
    parser.add_argument("shell", choices=("bash", "zsh", "fish", "man"), metavar="bash|zsh|fish|man", help="for what")


def run(given: Namespace, ui: Ui) -> int:
    commands, shared = surface.commands(), root()
    flags = surface.flags("", shared)
    if given.shell == "man":
        text = manual.page(commands, shared)
    else:
        write = {"bash": shells.bash, "zsh": shells.zsh, "fish": shells.fish}[given.shell]
        text = write(commands, flags)
    if ui.json:
        ui.document({"shell": given.shell, "text": text})
    else:
        ui.data(text)
    return 0
