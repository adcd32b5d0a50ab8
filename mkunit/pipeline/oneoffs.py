"""Units from the command line: owned, planned and recorded as a project's are, but each by itself."""

from collections.abc import Sequence

from mkunit.model.plan import Piece, Plan
from mkunit.model.unit import UnitFile
from mkunit.pipeline import deploy
from mkunit.pipeline.deploy import Site
from mkunit.planner import Leave, Options
from mkunit.system import enabling


def plan(
    site: Site, files: Sequence[UnitFile], enable: str | None, start: str | None, patience: float, *,
    verb: str = "install", holds: bool = False,
) -> Plan:  # fmt: skip
    """The plan for some files beside those that are there already; the user has agreed to replace what differs."""
    current = site.records.current()
    old = current.by_path
    new = [Piece(file.path, file.name, file.text, file.source) for file in files]
    own = [piece for piece in new if not piece.is_dropin]
    asked = [piece for piece in own if piece.unit == enable or (piece.path in old and old[piece.path].links)]
    live = site.live
    linked = {piece.path: piece for piece in enabling.enabled(asked, current, live.scope, live.target)}
    paths = {piece.path for piece in new}
    pieces = [piece for piece in current.pieces if piece.path not in paths]
    pieces += [linked.get(piece.path, piece) for piece in new]
    names = frozenset(piece.unit for piece in new)
    wanted = deploy.numbered(site, pieces, f"{verb} {' '.join(piece.unit for piece in new)}")
    leave = Leave(frozenset(paths), overwrite_drift=True, enable=frozenset([enable] if enable else []), only=names)
    options = Options(leave, frozenset([start] if start else []), starts_new=False, holds=holds)
    return deploy.settled(site, wanted, options, patience) if patience else deploy.plan(site, wanted, options)
