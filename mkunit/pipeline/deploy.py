"""From what is wanted to a plan for one scope of a machine, and to its end: snapshot, effects, plan, apply, recover."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve, frozen

from mkunit import parser, planner, runner
from mkunit.errors import BusyError, CheckError, Diagnostic, RefusedError, Severity
from mkunit.model.name import is_many
from mkunit.model.plan import Generation, Piece, Plan, Receipt, Snapshot, State
from mkunit.model.unit import Unit, UnitFile
from mkunit.pipeline import effective, everybody
from mkunit.planner import Effects, Options, instances
from mkunit.runner import Manner
from mkunit.system import enabling, place, rehearsal
from mkunit.system.everyone import Everyone
from mkunit.system.files import read
from mkunit.system.journal import Records
from mkunit.system.live import Live
from mkunit.system.place import Place

_STEP = 0.5  # seconds between two looks at units that are busy


@frozen
class Site:
    """Where a project's units of one scope live: the machine, the records, and the search path."""

    project: str
    live: Live

    @property
    def place(self) -> Place:
        return Place(self.live)

    @property
    def records(self) -> Records:
        return self.place.records(self.project)

    def search_path(self) -> list[str]:
        """Every folder that units are read from; below another root only the ones that every system has."""
        if self.live.root:
            kind = "system" if self.live.scope == "system" else "user"
            known = (f"/etc/systemd/{kind}", f"/usr/local/lib/systemd/{kind}", f"/usr/lib/systemd/{kind}")
            return [f"{self.live.root.rstrip('/')}{path}" for path in known]
        return [str(path) for path in self.live.local.search_path()]

    @contextmanager
    def locked(self, wait: float) -> Iterator[None]:
        with self.place.locked(wait):
            yield


def pieces(files: Iterable[UnitFile], units: Iterable[Unit]) -> tuple[Piece, ...]:
    """Rendered files with the policies of their units."""
    words = {(unit.scope or "system", unit.path): unit.policy for unit in units}
    return tuple(
        Piece(file.path, file.name, file.text, file.source, words.get((file.scope, file.path), ())) for file in files
    )


def generation(site: Site, wanted: Sequence[Piece], what: str, commit: str = "") -> Generation:
    """What is wanted as a generation: numbered, and with the links that enable its units."""
    records, live = site.records, site.live
    linked = enabling.enabled(wanted, records.current(), live.scope, live.target)
    return numbered(site, linked, what, commit)


def numbered(site: Site, wanted: Sequence[Piece], what: str, commit: str = "") -> Generation:
    """Pieces as the next generation."""
    records = site.records
    last = max(records.numbers(), default=0)
    watched = [path for piece in wanted for path in (*piece.policy.restart_on, *piece.policy.reload_on)]
    return Generation(
        last + 1, tuple(wanted), place.stamps(watched), {}, time.time(), place.who(), commit, what
    )  # fmt: skip


def snapshot(site: Site, wanted: Generation) -> Snapshot:
    """The scope as it is now, as far as this generation and the one before it go."""
    owned, live = site.records.current(), site.live
    both = (*owned.pieces, *wanted.pieces)
    paths = dict.fromkeys(piece.path for piece in both)
    links = dict.fromkeys(path for piece in both for path, _ in piece.links)
    is_running, pending = live.is_running(), site.records.pending()
    units = {**live.units(), **(live.units(pending) if pending else {})} if is_running else {}
    return Snapshot(
        live.scope, live.folder, is_running, live.look([*paths, *links]), units, owned, pending,
        site.place.hosts(), site.place.claims(site.project),
        site.place.unsafe([*paths, *links]), site.place.shadows(paths), (live.folder, str(site.place.state)),
    )  # fmt: skip


def _concerned(snapshot: Snapshot, wanted: Generation) -> dict[str, None]:
    """The units whose definitions have to be read: those that change, and what may have to do with them."""
    owned, wants = snapshot.owned.by_path, wanted.by_path
    units: dict[str, None] = {}
    for piece in (*wanted.pieces, *snapshot.owned.pieces):
        there = snapshot.at(piece.path)
        same = piece.path in wants and owned.get(piece.path) == piece and there.text == piece.text
        watched = piece.policy.restart_on or piece.policy.reload_on or piece.policy.ensure
        if (not same or watched or piece.unit in snapshot.pending) and not is_many(piece.unit):
            units[piece.unit] = None
    return units


def _read(
    site: Site, snapshot: Snapshot, wanted: Generation, start: Iterable[str] = ()
) -> tuple[Effects, dict[str, State]]:
    """What changes, with all drop-ins, its instances, and the units around it; and those that a mask hides."""
    units = _concerned(snapshot, wanted)
    if not units and not start:
        return {}, {}
    mine = dict.fromkeys(piece.unit for piece in (*wanted.pieces, *snapshot.owned.pieces) if not is_many(piece.unit))
    units |= {name: None for name in mine if name.rpartition(".")[2] in ("socket", "timer", "path", "automount")}
    units |= dict.fromkeys(instance for name in units if "@." in name for instance in instances(name, snapshot))
    folders = site.search_path()
    arguments = (snapshot.folder, folders, wanted.pieces, snapshot.owned, snapshot.found)
    found = effective.effects(units, *arguments)
    found |= effective.effects(_around(found.values(), found), *arguments)
    return found, dict.fromkeys(effective.masked(found, snapshot.folder, folders), State("masked"))


def _around(found: Iterable[planner.Effective], known: Effects) -> list[str]:
    """A service's own socket may be anybody's: it is what holds the descriptors."""
    services = (unit.name for one in found for unit in one if unit and unit.kind == "service")
    sockets = (name.removesuffix(".service") + ".socket" for name in services if "@." not in name)
    return [name for name in dict.fromkeys(sockets) if name not in known]


def plan(site: Site, wanted: Generation, options: Options) -> Plan:
    """The plan from here to there."""
    now = snapshot(site, wanted)
    if isinstance(site.live, Everyone):
        found, masked = _read(site, everybody.bare(now), wanted, options.start)
        return everybody.plan(site.live, wanted, now, found, masked, options)
    found, masked = _read(site, now, wanted, options.start)
    if found and now.is_running:
        now = evolve(now, units={**masked, **now.units, **site.live.units(found)})
    made = planner.plan(wanted, now, found, options)
    ends = _ends(site, made)
    if not ends:
        return made
    if not options.leaves:
        return planner.plan(wanted, evolve(now, ends=frozenset(ends)), found, options)
    message = f"mkunit runs in what `{ends[0]}` takes along, and goes on in a unit of its own"
    note = Diagnostic("leaves", message, severity=Severity.INFO, unit=ends[0])
    return evolve(made, hosts=ends, notes=(*made.notes, note))


def _ends(site: Site, made: Plan) -> tuple[str, ...]:
    """The units that a plan stops or restarts, and this process with them."""
    stopped = made.units("stop", "restart")
    own = site.place.own() if stopped else ()
    along = site.live.along(own) if own else ()
    return tuple(name for name in stopped if name in along)


def settled(site: Site, wanted: Generation, options: Options, patience: float) -> Plan:
    """The plan, once no unit that it changes is in the middle of something; BusyError where one stays so."""
    deadline = site.live.monotonic() + patience
    while (found := plan(site, wanted, options)).busy and not found.refusals:
        if site.live.monotonic() >= deadline:
            units = ", ".join(f"`{name}`" for name in found.busy)
            hint = "try again later, or wait longer with `--busy SECONDS`"
            raise BusyError(Diagnostic("busy", f"in the middle of something: {units}; nothing was touched", hint))
        site.live.sleep(_STEP)
    return found


def rehearsed(site: Site, found: Plan) -> None:
    """CheckError with what this machine's systemd would ignore or refuse, before anything is touched."""
    changed = [op.path for op in found.files if op.is_text]
    if changed and site.live.is_running() and (wrong := rehearsal_of(site, found.generation.pieces, changed)):
        raise CheckError(*wrong)


def rehearsal_of(site: Site, pieces: Sequence[Piece], changed: Sequence[str]) -> list[Diagnostic]:
    """What this machine's systemd would complain of in some of our files; of drop-ins together with their units."""
    own = {piece.unit for piece in pieces if not piece.is_dropin}
    alone = {piece.unit for piece in pieces if piece.path in changed} - own
    folders = list(map(Path, site.search_path())) if alone else []
    # A template is read by its instances, of which there is none in a stage.
    files = {unit: parser.find(unit, folders) for unit in sorted(alone) if "@" not in unit}
    others = {unit: text for unit, file in files.items() if file and (text := read(file))}
    return rehearsal.complaints(pieces, changed, others, site.live.scope, site.live.folder)


def apply(site: Site, found: Plan, manner: Manner) -> Receipt:
    """Do it; the site is locked by whoever made the plan."""
    return runner.apply(found, site.live, site.records, manner)


def recover(site: Site, manner: Manner, *, back: bool = False) -> str | None:
    """End an apply that was interrupted; the site is locked already."""
    return runner.recover(site.live, site.records, manner, back=back)


def without(current: Generation, names: Iterable[str]) -> tuple[Piece, ...]:
    """All pieces but those of some units."""
    gone = set(names)
    return tuple(piece for piece in current.pieces if piece.unit not in gone)


def back_to(site: Site, number: int | None) -> Generation:
    """An older generation as the next one; RefusedError where there is none."""
    records = site.records
    current = records.current()
    wanted = records.generation(number) if number is not None else _before(records, current.number)
    if wanted is None or wanted.number == 0:
        kept = ", ".join(str(one.number) for one in records.history()) or "none"
        what = "there is none before it" if number is None else f"there is no generation {number}"
        raise RefusedError(Diagnostic("no-generation", what, f"`mkunit history` shows them; there are: {kept}"))
    return evolve(numbered(site, wanted.pieces, f"rollback to {wanted.number}", wanted.commit), stamps=wanted.stamps)


def _before(records: Records, number: int) -> Generation | None:
    return next((one for one in reversed(records.history()) if one.number < number), None)
