"""One plan from those of several managers that read the same folder: the files once, and what each manager is to do."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from mkunit.model.plan import Change, Pending, Plan, Step

_QUIET = ("nothing", "live")  # what each manager sees to by itself
_NAMED = 3  # users that are named before the others are counted
NOBODY = "no user's systemd runs: each reads it when it starts"


def together(bare: Plan, parts: Mapping[str, Plan], pending: Mapping[str, Pending]) -> Plan:
    """The plan for the files, with the steps of each user's manager; its units are called `kim/web.service`.

    What is to be stopped is stopped everywhere before the first file changes; the rest goes on user by user.
    """
    if bare.refusals or not parts:
        reason = NOBODY if not bare.refusals else ""
        return evolve(bare, changes=tuple(evolve(one, reason=reason or one.reason) for one in bare.changes))
    early = [unit for name, part in parts.items() for unit in _named(name, _stopped(part.steps))]
    late = [step for name, part in parts.items() for step in _late(name, part.steps)]
    writes = (Step("write"), Step("daemon-reload")) if bare.files or bare.links else ()
    waits = {f"{name}/{unit}": one for name, part in parts.items() for unit, one in part.pending.items()}
    return evolve(
        bare,
        changes=(*_files(bare, list(parts)), *_rows(parts)),
        steps=(*((Step("stop", tuple(early)),) if early else ()), *writes, *late),
        notes=tuple(dict.fromkeys(note for part in (bare, *parts.values()) for note in part.notes)),
        busy=tuple(unit for name, part in parts.items() for unit in _named(name, part.busy)),
        before={f"{name}/{unit}": state for name, part in parts.items() for unit, state in part.before.items()},
        probes={f"{name}/{u}": (name, *words) for name, part in parts.items() for u, words in part.probes.items()},
        excused=frozenset(unit for name, part in parts.items() for unit in _named(name, part.excused)),
        meant={unit: lines for part in parts.values() for unit, lines in part.meant.items()},
        pending=waits,
        is_recorded=bare.is_recorded and waits == dict(pending),
    )


def _named(name: str, units: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name}/{unit}" for unit in units)


def _is_early(steps: Sequence[Step], at: int) -> bool:
    return steps[at].verb == "stop" and not any(step.verb == "write" for step in steps[:at])


def _stopped(steps: Sequence[Step]) -> list[str]:
    return [unit for i, step in enumerate(steps) if _is_early(steps, i) for unit in step.units]


def _late(name: str, steps: Sequence[Step]) -> list[Step]:
    late = [step for i, step in enumerate(steps) if step.units and not _is_early(steps, i)]
    return [Step(step.verb, _named(name, step.units)) for step in late]


def _files(bare: Plan, names: Sequence[str]) -> list[Change]:
    """A row for each file, and who reads it at once."""
    who = users(names)
    reason = f"by the systemd of {who}; that of others reads it when it starts"
    return [evolve(one, action="tell", reason=reason, drops=None) for one in bare.changes]


def users(names: Sequence[str]) -> str:
    """Names of users, in words.

    >>> users(["kim"]), users(["kim", "sam"]), users(["a", "b", "c", "d", "e"])
    ('`kim`', '`kim` and `sam`', '`a`, `b`, `c` and 2 more')
    """
    known = [f"`{name}`" for name in names]
    if len(known) > _NAMED:
        return f"{', '.join(known[:_NAMED])} and {len(known) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(known[:-1]), known[-1]])) if known else "nobody"


def _rows(parts: Mapping[str, Plan]) -> list[Change]:
    """What becomes of each unit of each user; where nothing is done, those for whom it is the same share a row."""
    rows: dict[tuple[str, ...], tuple[Change, list[str]]] = {}
    for name, part in parts.items():
        for one in {change.unit: change for change in part.changes}.values():
            key = (one.unit, one.action, one.reason, "" if one.action in _QUIET else name)
            rows.setdefault(key, (one, []))[1].append(name)
    found = sorted(rows.values(), key=lambda row: row[0].unit)
    return [_row(one, names) for one, names in found]


def _row(one: Change, names: Sequence[str]) -> Change:
    label = ",".join(names[:_NAMED]) + (f",+{len(names) - _NAMED}" if len(names) > _NAMED else "")
    return evolve(one, unit=f"{label}/{one.unit}", path="", change="unchanged", before=None, after=None)
