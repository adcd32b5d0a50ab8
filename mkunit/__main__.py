"""The console script, and `python -m mkunit`."""

import gc
import io
import os
import sys


def run() -> None:
    """End with the command's exit code."""
    # Nearly everything that is made while modules are imported lives until the end: to look for garbage is a waste.
    gc.disable()
    # Streams that the caller has closed are None; what goes there is lost, as it is meant to be.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - until the end
    # Unit files are UTF-8 and JSON is, whatever the locale; what a terminal cannot show is no reason to fail.
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        from mkunit.cli.main import end, main  # after that

        code = end(main(sys.argv[1:]))
    except KeyboardInterrupt:  # while modules were being imported
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    run()
