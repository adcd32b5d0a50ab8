"""Which links enable units: systemctl itself computes them, in a stage of its own, where no systemd is asked."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve

from mkunit.errors import Diagnostic, SystemdError
from mkunit.model.plan import Generation, Piece
from mkunit.system.local import SYSTEMCTL, Local
from mkunit.system.stage import fill

_FOLDERS = {"system": "etc/systemd/system", "user": "etc/systemd/user", "global": "etc/systemd/user"}


def enabled(pieces: Sequence[Piece], owned: Generation, scope: str, folder: str) -> tuple[Piece, ...]:
    """The pieces with their links; those whose [Install] is what it was keep the ones on record."""
    before = {piece.unit: piece for piece in owned.pieces if not piece.is_dropin}
    old, new = _install(owned.pieces), _install(pieces)
    asked = [p for p in pieces if not p.is_dropin and new.get(p.unit)]
    kept = {p.unit: before[p.unit].links for p in asked if p.unit in before and old.get(p.unit) == new[p.unit]}
    missing = [piece for piece in asked if piece.unit not in kept]
    found = {**kept, **(_asked(pieces, missing, scope, folder) if missing else {})}
    return tuple(evolve(p, links=found.get(p.unit, ())) if not p.is_dropin else p for p in pieces)


def _install(pieces: Sequence[Piece]) -> dict[str, tuple[str, ...]]:
    """What each unit's files say of its installation."""
    found: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        _, header, rest = piece.text.partition("\n[Install]\n")
        if header:
            found[piece.unit] = (*found.get(piece.unit, ()), rest)
    return found


Links = tuple[tuple[str, str], ...]


def _asked(pieces: Sequence[Piece], wanted: Sequence[Piece], scope: str, folder: str) -> dict[str, Links]:
    with tempfile.TemporaryDirectory(prefix="mkunit-") as stage:
        at = Path(stage, _FOLDERS[scope])
        at.mkdir(parents=True)
        fill(at, ((piece.path, piece.text) for piece in pieces if not piece.is_mask))
        # A bare template is enabled by its instances, unless it names one.
        names = [p.unit for p in wanted if "@." not in p.unit or "\nDefaultInstance=" in p.text]
        _enable(stage, names, scope)
        return _links(at, folder)


def _enable(stage: str, names: Sequence[str], scope: str) -> None:
    if not names:
        return
    which = [] if scope == "system" else ["--global"]
    done = Local("system").run(SYSTEMCTL, f"--root={stage}", *which, "enable", "--quiet", "--", *names)
    if done.returncode:
        words = " ".join(done.stderr.replace(stage, "").split())
        hint = "look at `WantedBy=`, `Alias=` and `Also=` of the units"
        raise SystemdError(Diagnostic("cannot-enable", f"systemctl cannot enable the units: {words}", hint))


def _links(at: Path, folder: str) -> dict[str, Links]:
    """The links that were made, by the unit that they lead to, as they have to be in the unit folder."""
    found: dict[str, Links] = {}
    for place in sorted(at.rglob("*")):
        if place.is_symlink():
            unit = os.readlink(place).rpartition("/")[2]  # noqa: PTH115  its last part is the unit
            link = (place.relative_to(at).as_posix(), f"{folder}/{unit}")
            found[unit] = (*found.get(unit, ()), link)
    return found
