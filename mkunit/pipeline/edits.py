"""A file in a unit folder as a person has edited it: whose it is, and the plan that puts it in force."""

from attrs import evolve

from mkunit.errors import Diagnostic
from mkunit.model.plan import Piece, Plan
from mkunit.model.unit import UnitFile
from mkunit.pipeline import deploy, oneoffs
from mkunit.pipeline.deploy import Site
from mkunit.planner import Leave, Options
from mkunit.system.live import Live
from mkunit.system.place import ONE_OFFS, Place


def owner(live: Live, path: str) -> tuple[Site, Piece] | None:
    """The project that a file belongs to, or the one-off units; None where it is nobody's."""
    sites = [Site(project, live) for project in Place(live).projects()]
    return next(((site, piece) for site in sites if (piece := site.records.current().by_path.get(path))), None)


def plan(live: Live, file: UnitFile, patience: float, *, holds: bool) -> Plan:
    """The plan for an edited file, after which it is a one-off's; `holds` leaves what runs as it runs.

    What a project made stays the project's: its records keep the text that it was built with, so that the edit is seen
    as a change of somebody else's until the project says the same.
    """
    found = owner(live, file.path)
    if found is None or found[0].project == ONE_OFFS:
        return oneoffs.plan(Site(ONE_OFFS, live), [file], None, None, patience, verb="edit", holds=holds)
    site, piece = found
    current = site.records.current()
    pieces = [evolve(piece, text=file.text) if one == piece else one for one in current.pieces]
    kept = evolve(deploy.numbered(site, pieces, f"edit {piece.unit}"), stamps=current.stamps)
    options = Options(Leave(overwrite_drift=True, only=frozenset([piece.unit])), starts_new=False, holds=holds)
    made = deploy.settled(site, kept, options, patience)
    return evolve(made, generation=evolve(made.generation, pieces=current.pieces, saved=current.saved))


def complaints(live: Live, file: UnitFile) -> list[Diagnostic]:
    """What this machine's systemd would ignore of an edited file, or not load; nothing where none runs."""
    if not live.is_running():
        return []
    at = site(live, file.path)
    pieces = [piece for piece in at.records.current().pieces if piece.path != file.path]
    new = Piece(file.path, file.name, file.text)
    return deploy.rehearsal_of(at, [*pieces, new], [file.path])


def site(live: Live, path: str) -> Site:
    """Where an edit of a file is put on record."""
    found = owner(live, path)
    return found[0] if found else Site(ONE_OFFS, live)
