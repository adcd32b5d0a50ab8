"""From argv to an exit code; no error of the user's ends in a traceback."""

import os
import sys
from collections.abc import Sequence

from mkunit.cli.parser import parse
from mkunit.cli.ui import Ui
from mkunit.errors import MkunitError

INTERRUPTED = 130
BROKEN_PIPE = 141


def main(argv: Sequence[str]) -> int:
    """One command; the answer is its exit code."""
    ui = Ui.plain()
    try:
        command, arguments, ui = parse(argv, os.environ)
        return command(arguments, ui)
    except MkunitError as error:
        return ui.failed(error)
    except KeyboardInterrupt:
        ui.say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return _closed()


def end(code: int) -> int:
    """Flush what was written; somebody may have stopped reading it."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _closed()
    return code


def _closed() -> int:
    """Nobody reads any more: say nothing, and keep Python from complaining at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
