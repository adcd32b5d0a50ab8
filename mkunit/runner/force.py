"""Whether what was written is in force: which files systemd has read, and what it says of the lines that were meant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mkunit.catalog import properties
from mkunit.errors import Diagnostic, Origin
from mkunit.model.plan import ASKED, Meant, Op, Plan
from mkunit.model.port import System
from mkunit.runner.explain import failure

_FINE = ("loaded", "masked", "stub", "merged")
_FILES = ("LoadState", "FragmentPath", "DropInPaths")


Rows = Mapping[str, Mapping[str, str]]


def seen(plan: Plan, names: Sequence[str], system: System) -> Rows:
    """What systemd says of units, which it reads for that; of many units some are asked about."""
    few = names[:ASKED]
    asked = dict.fromkeys([*_FILES, *(one.property for name in few for one in plan.meant.get(name, ()))])
    return system.shown(few, list(asked)) if few else {}


def unloaded(rows: Rows, system: System) -> list[Diagnostic]:
    """The units that systemd would not load."""
    return [failure(system, name) for name, row in rows.items() if row.get("LoadState", "loaded") not in _FINE]


def contradictions(plan: Plan, rows: Rows, system: System) -> list[Diagnostic]:
    """What systemd has otherwise than it was meant."""
    there = [(name, row) for name, row in rows.items() if row.get("LoadState") == "loaded"]
    told = {note.unit for note in plan.notes if note.code == "shadowed"}
    files: dict[str, list[Op]] = {}
    for op in plan.files:
        name = op.path.partition(".d/")[0]
        if op.is_text and name not in told:
            files.setdefault(name, []).append(op)
    return [
        one
        for name, row in there
        for one in (*_files(plan, files.get(name, ()), name, row), *_lines(plan, name, row, system))
    ]


def _files(plan: Plan, ops: Iterable[Op], name: str, row: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Files that systemd has not read, as another one hides them."""
    for op in ops:
        place = f"{plan.folder}/{op.path}"
        read = row.get("FragmentPath", place) if op.path == name else row.get("DropInPaths", place)
        if place not in (read, *read.split()) and " " not in place:
            message = f"systemd does not read it: of `{name}` it has read {read or 'nothing'}"
            yield Diagnostic("not-in-force", message, f"look at `systemctl cat {name}`", Origin(place), unit=name)


def _lines(plan: Plan, name: str, row: Mapping[str, str], system: System) -> Iterator[Diagnostic]:
    for one in plan.meant.get(name, ()):
        has = row.get(one.property)
        if has is None or properties.agrees(one.how, one.value, has) or _by_other_names(one, has, system):
            continue
        lost = " ".join(sorted(set(one.value.split()) - set(has.split()))) if one.how == "units" else one.value
        message = f"`{name}`: `{one.directive}={lost}` is not in force; systemd has `{one.property}={has}`"
        hint = f"look at `systemctl cat {name}`: something stronger says otherwise"
        yield Diagnostic("not-in-force", message, hint, unit=name, directive=one.directive)


def _by_other_names(one: Meant, has: str, system: System) -> bool:
    """Whether systemd has the units that were meant by the names that their aliases lead to."""
    if one.how != "units":
        return False
    there = set(has.split())
    missing = [name for name in one.value.split() if name not in there]
    rows = system.shown(missing, ["Names"])
    return all(there.intersection(f"{row.get('Id', '')} {row.get('Names', '')}".split()) for row in rows.values())
