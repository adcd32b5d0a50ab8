"""What this machine's systemd would complain of, told by its own reader from a stage, before anything is touched."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mkunit.errors import Diagnostic, Origin, SystemdError
from mkunit.model.plan import Piece
from mkunit.system import analyze
from mkunit.system.analyze import Said
from mkunit.system.stage import fill

_FATAL = ("Refusing.", "fatal error", "bad unit file setting")


def complaints(
    pieces: Sequence[Piece], changed: Iterable[str], others: Mapping[str, str], scope: str, folder: str
) -> list[Diagnostic]:
    """Lines of changed files that systemd would ignore, and units that it would not load.

    `others` are the files of units of which only drop-ins are ours: what is wrong with those lines is not our doing.
    """
    wanted = frozenset(changed)
    units = {piece.unit for piece in pieces if piece.path in wanted}
    asked = [piece.path for piece in pieces if piece.unit in units and not piece.is_dropin] + [*others]
    with tempfile.TemporaryDirectory(prefix="mkunit-") as stage:
        fill(Path(stage), [*others.items(), *((piece.path, piece.text) for piece in pieces)])
        try:
            said = analyze.verify([Path(stage, path) for path in asked], scope)
        except SystemdError:
            return []  # no systemd-analyze: the daemon-reload tells, and what it tells is taken back
        theirs = {str(Path(stage, path)) for path in others}
        return [found for one in said if one.path not in theirs and (found := _finding(one, stage, folder))]


def _finding(one: Said, stage: str, folder: str) -> Diagnostic | None:
    hint = "what systemd ignores is not in force: mend the units file"
    if not analyze.is_ignored(one.text):
        return None
    if one.path and one.path.startswith(f"{stage}/"):
        place = Origin(f"{folder}/{one.path.removeprefix(f'{stage}/')}", one.line)
        return Diagnostic("ignored-line", f"systemd says: {one.text}", hint, place)
    if one.unit and any(words in one.text for words in _FATAL):
        return Diagnostic("not-loaded", f"systemd would not load `{one.unit}`: {one.text}", unit=one.unit)
    return None
