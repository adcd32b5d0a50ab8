"""How everything that mkunit owns in a scope stands: running or not, enabled, as applied or changed by somebody."""

from collections.abc import Iterator
from typing import NamedTuple

from mkunit.model.plan import IDLE, Found, Piece, Snapshot, State
from mkunit.pipeline import deploy
from mkunit.pipeline.deploy import Site


class Standing(NamedTuple):
    """One unit of ours."""

    unit: str
    scope: str
    project: str
    active: str
    enabled: str  # enabled, disabled, or static where it cannot be enabled
    files: str  # as applied, changed: PATH, missing: PATH, masked
    pending: str  # why a restart was put off; empty where none is
    source: str | None


def standings(site: Site) -> Iterator[Standing]:
    """All units of a site, by name."""
    current = site.records.current()
    now = deploy.snapshot(site, current)
    units: dict[str, list[Piece]] = {}
    for piece in current.pieces:
        units.setdefault(piece.unit, []).append(piece)
    for name, pieces in sorted(units.items()):
        yield _standing(site, name, pieces, now)


def _standing(site: Site, name: str, pieces: list[Piece], now: Snapshot) -> Standing:
    links = [path for piece in pieces for path, _ in piece.links]
    made = [path for path in links if now.at(path).kind == "link"]
    enabled = "static" if not links else "enabled" if made == links else "partly" if made else "disabled"
    state = now.state(name)
    pending = now.pending.get(name)
    waits = pending.reason if pending and pending.invocation == state.invocation else ""
    source = next((piece.source for piece in pieces), None)
    return Standing(
        name, site.live.scope, site.project, _active(name, state, now), enabled, _files(pieces, now), waits, source
    )


def _active(name: str, state: State, now: Snapshot) -> str:
    """In systemd's words; a template is as active as its instances are many."""
    if "@." in name:
        prefix, _, kind = name.partition("@.")
        running = [n for n, s in now.units.items() if n.startswith(f"{prefix}@") and n.endswith(f".{kind}") and s.is_up]
        return f"{len(running)} instances"
    return "inactive" if state == IDLE else f"{state.active} ({state.sub})"


def _files(pieces: list[Piece], now: Snapshot) -> str:
    for piece in pieces:
        there: Found = now.at(piece.path)
        if there.kind == "absent":
            return f"missing: {piece.path}"
        if there == Found("link", "/dev/null"):
            return "masked"
        if there.text != piece.text:
            return f"changed: {piece.path}"
    return "as applied"
