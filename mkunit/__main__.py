"""The console script, and `python -m mkunit`."""

import gc
import sys


def run() -> None:
    """End with the command's exit code."""
    # Nearly everything that is made while modules are imported lives until the end: to look for garbage is a waste.
    gc.disable()
    from mkunit.cli.main import end, main  # after that

    sys.exit(end(main(sys.argv[1:])))


if __name__ == "__main__":
    run()
