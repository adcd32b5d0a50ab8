"""How units of a scope stand: running or not, enabled, as applied or changed by somebody; ours, and those of others."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from mkunit.model.name import is_name, parse
from mkunit.model.plan import IDLE, Found, Pending, Piece, State
from mkunit.model.unit import MASK
from mkunit.pipeline.deploy import Site
from mkunit.system import listed
from mkunit.system.everyone import GLOBAL, Everyone
from mkunit.system.listed import Elapse
from mkunit.system.live import Live

AS_APPLIED = "as applied"
_EACH = "per user"


class Standing(NamedTuple):
    """One unit."""

    unit: str
    scope: str
    project: str  # empty where it is not ours
    active: str  # systemd's two words: `active (running)`
    enabled: (
        str  # enabled, disabled, static where it cannot be enabled, or masked; systemd's own word for units of others
    )
    files: str  # as applied, changed: PATH, missing: PATH, masked; empty where they are not ours
    pending: str  # why a restart was put off; empty where none is
    source: str | None
    kind: str
    state: str  # one word: what systemd calls the sub-state, but for `inactive` and `failed`
    load: str
    drift: str  # the same as `files`, empty where they are as applied
    next: float | None  # when a timer elapses next, in seconds since 1970
    last: float | None

    @property
    def owned(self) -> bool:
        return bool(self.project)

    @property
    def has_failed(self) -> bool:
        """Whether systemd has given up on it, tries again and again, or cannot load it."""
        return self.state in ("failed", "auto-restart") or self.load in ("error", "bad-setting")

    @property
    def said(self) -> str:
        """How it is, without saying anything twice."""
        return self.state if self.active == f"{self.state} ({self.state})" else self.active

    @property
    def words(self) -> frozenset[str]:
        """All that a state can be asked for by."""
        waits = [name for name, text in (("drift", self.drift), ("pending", self.pending)) if text]
        first, _, sub = self.active.partition(" ")
        return frozenset([self.state, first, sub.strip("()"), self.load, self.enabled, *waits])

    @property
    def document(self) -> dict[str, object]:
        """As JSON has it, but for times."""
        return {**self._asdict(), "owned": self.owned}


class Scene(NamedTuple):
    """What a manager has loaded, and when its timers elapse: asked once for all projects of a scope."""

    live: Live
    units: Mapping[str, State]
    timers: Mapping[str, Elapse]


def scene(live: Live) -> Scene:
    """A scope as it is now; empty where no manager runs."""
    if not live.is_running():
        return Scene(live, {}, {})
    if isinstance(live, Everyone):
        return Scene(live, live.together(), {})
    units = live.units()
    has_timers = any(name.endswith(".timer") for name in units)
    return Scene(live, units, listed.timers(live.local) if has_timers else {})


def standings(site: Site, now: Scene) -> Iterator[Standing]:
    """All units of a project, by name."""
    current, pending = site.records.current(), site.records.pending()
    links = [path for piece in current.pieces for path, _ in piece.links]
    found = site.live.look(dict.fromkeys([*(piece.path for piece in current.pieces), *links]))
    units: dict[str, list[Piece]] = {}
    for piece in current.pieces:
        units.setdefault(piece.unit, []).append(piece)
    asked = site.live.units(pending) if pending and now.units else {}
    for name, pieces in sorted(units.items()):
        state = asked.get(name) or now.units.get(name, IDLE)
        files = _files(pieces, found)
        row = _row(name, now, state, _enabled(pieces, found))
        source = next((piece.source for piece in pieces), None)
        yield row._replace(
            project=site.project, files=files, drift="" if files == AS_APPLIED else files, source=source,
            pending=_of_users(name, pending, asked) or _waits(pending.get(name), state),
        )  # fmt: skip


def others(now: Scene, folders: list[Path], ours: frozenset[str]) -> Iterator[Standing]:
    """The units of the unit folders that are not ours, instances that are loaded among them, by name."""
    files = listed.files(now.live.local, folders)
    instances = {name: files[made] for name in now.units if name not in files and (made := _template(name)) in files}
    for name, enabled in sorted({**files, **instances}.items()):
        if name not in ours and _template(name) not in ours:
            yield _row(name, now, now.units.get(name, IDLE), enabled)


def alone(name: str, now: Scene, state: State, enabled: str = "") -> Standing:
    """A unit that is not ours."""
    return _row(name, now, state, enabled)


def _row(name: str, now: Scene, state: State, enabled: str) -> Standing:
    elapse = now.timers.get(name, Elapse(None, None, ""))
    active, word = _active(name, state, now)
    return Standing(
        name, now.live.scope, "", active, enabled, "", "", None, name.rpartition(".")[2], word, state.load, "",
        elapse.next, elapse.last,
    )  # fmt: skip


def _of_users(name: str, pending: Mapping[str, Pending], asked: Mapping[str, State]) -> str:
    """The restarts of a unit that were put off for some users."""
    waits = [full for full in pending if full.endswith(f"/{name}") and _waits(pending[full], asked.get(full, IDLE))]
    users = " and ".join(full.partition("/")[0] for full in waits)
    return f"{pending[waits[0]].reason}, for {users}" if waits else ""


def _waits(pending: Pending | None, state: State) -> str:
    return pending.reason if pending and pending.invocation == state.invocation else ""


def _template(name: str) -> str:
    return (parse(name).template or "") if is_name(name) else ""


def _enabled(pieces: list[Piece], found: Mapping[str, Found]) -> str:
    links = [path for piece in pieces for path, _ in piece.links]
    made = [path for path in links if found[path].kind == "link"]
    if any(piece.is_mask for piece in pieces):
        return "masked"
    return "static" if not links else "enabled" if made == links else "partly" if made else "disabled"


def _active(name: str, state: State, now: Scene) -> tuple[str, str]:
    """In systemd's words, and in one word; a template is as active as its instances are many.

    What is for all users runs with each of them, or not: it is as it is where it is gravest, for so many of them.
    """
    if now.live.scope == GLOBAL and state.active == "inactive":
        return _EACH, _EACH
    if "@." in name:
        prefix, _, kind = name.partition("@.")
        made = [s for n, s in now.units.items() if n.startswith(f"{prefix}@") and n.endswith(f".{kind}")]
        count = sum(s.is_up for s in made)
        text = f"{count} instance{'' if count == 1 else 's'}"
        return text, "failed" if any(s.active == "failed" for s in made) else text
    if state.active in ("inactive", "failed"):
        return state.active if state == IDLE else f"{state.active} ({state.sub})", state.active
    return f"{state.active} ({state.sub})", state.sub


def _files(pieces: list[Piece], found: Mapping[str, Found]) -> str:
    for piece in pieces:
        there = found[piece.path]
        if there.kind == "absent":
            return f"missing: {piece.path}"
        if there == Found("link", MASK) and not piece.is_mask:
            return "masked"
        if there.text != piece.text:
            return f"changed: {piece.path}"
    return AS_APPLIED
