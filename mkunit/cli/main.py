"""From argv to an exit code; no error of the user's ends in a traceback."""

import os
import sys
from collections.abc import Sequence

from mkunit.cli.parser import parse
from mkunit.cli.ui import Ui, diagnostic
from mkunit.errors import DeniedError, Diagnostic, MkunitError, Origin

INTERRUPTED = 130
BROKEN_PIPE = 141


def main(argv: Sequence[str]) -> int:
    """One command; the answer is its exit code."""
    if "MKUNIT_ENVIRONMENT" in os.environ:
        from mkunit.system import leaving  # only where this goes on for another process

        leaving.arrive()
    ui = Ui.early(argv, os.environ)
    try:
        command, arguments, ui = parse(argv, os.environ)
        if vars(arguments).get("for_user") is not None:
            from mkunit.cli import for_user  # rarely needed

            return for_user.run(command, arguments, ui, argv)
        return command(arguments, ui)
    except MkunitError as error:
        return ui.failed(error)
    except KeyboardInterrupt:
        if ui.json:
            ui.document([diagnostic(Diagnostic("interrupted", "interrupted"))])
        ui.say("interrupted")
        return INTERRUPTED
    except SystemExit as stop:  # argparse, when it has shown its help
        return stop.code if isinstance(stop.code, int) else 0
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        return ui.failed(_of_the_machine(error))


def end(code: int) -> int:
    """Flush what was written; somebody may have stopped reading it, or the disk may be full."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        _closed()
        return Ui.plain().failed(_of_the_machine(error)) or code
    return code


def _closed() -> int:
    """Nobody reads any more: say nothing, and keep Python from complaining at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _of_the_machine(error: OSError) -> MkunitError:
    """What no room has an answer to: a full disk behind standard output, a working folder that is gone."""
    kind = DeniedError if isinstance(error, PermissionError) else MkunitError
    place = Origin(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    return kind(Diagnostic("system-error", error.strerror or str(error), None, place))
