"""The folder that a command works in."""

from argparse import Namespace
from pathlib import Path

from mkunit.errors import Diagnostic, Origin, UsageError


def folder(given: Namespace) -> Path:
    """The folder to work in, as `-C` says; UsageError where it is none."""
    place = Path(getattr(given, "folder", None) or ".")
    if not place.is_dir():
        raise UsageError(Diagnostic("usage", "`-C` names no folder", "name one that is there", Origin(str(place))))
    try:
        return place.resolve()
    except FileNotFoundError:
        raise UsageError(
            Diagnostic("usage", "the working folder has been removed", "go to one that is there")
        ) from None
