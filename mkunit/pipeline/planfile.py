"""A plan in a file: what is wanted, and a digest of what was going to be done, so that a stale one can be told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from attrs import asdict, frozen

from mkunit.errors import Diagnostic, RefusedError
from mkunit.model.plan import Piece, Plan
from mkunit.planner import Leave, Options
from mkunit.system.journal import of_piece, piece

_VERSION = 1
_ASIDE = ("generation", "before", "notes", "excused", "hosts", "meant")  # they say nothing of what it would do


@frozen
class Stored:
    """One scope's part of a plan file."""

    project: str
    scope: str
    root: str
    pieces: tuple[Piece, ...]
    commit: str
    digest: str
    options: Options  # what the user had allowed when it was made


def digest(plan: Plan) -> str:
    """What a plan would do, in short: the same for the same plan from the same state."""
    shown = asdict(plan, filter=lambda field, _: field.name not in _ASIDE)
    stamps = dict(plan.generation.stamps)
    return sha256(json.dumps([shown, stamps], sort_keys=True, default=str).encode()).hexdigest()


def dump(parts: Iterable[tuple[str, str, Plan, Options]]) -> str:
    """Plans as a document: project, root, plan and options of each scope."""
    rows = [
        {
            "project": project,
            "scope": plan.scope,
            "root": root,
            "pieces": [of_piece(one) for one in plan.generation.pieces],
            "commit": plan.generation.commit,
            "digest": digest(plan),
            "allowed": {
                "adopt": sorted(options.leave.adopt),
                "overwrite-drift": options.leave.overwrite_drift,
                "strict": options.strict,
                "restart": sorted(options.allow),
            },
        }
        for project, root, plan, options in parts
    ]
    return json.dumps({"mkunit-plan": _VERSION, "scopes": rows}, indent=1) + "\n"


def load(text: str) -> Sequence[Stored]:
    """A document as `dump` wrote it; RefusedError where it is none."""
    try:
        document = json.loads(text)
        rows = document["scopes"] if document["mkunit-plan"] == _VERSION else document["of another version"]
        return [
            Stored(
                row["project"],
                row["scope"],
                row["root"],
                tuple(map(piece, row["pieces"])),
                row["commit"],
                row["digest"],
                _options(row["allowed"]),
            )
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError(
            Diagnostic("bad-plan", "is no plan of this mkunit", "make one: `mkunit plan --out`")
        ) from None


def _options(row: Mapping[str, object]) -> Options:
    adopt, allow = row["adopt"], row["restart"]
    if not (isinstance(adopt, list) and isinstance(allow, list)):
        raise TypeError(row)
    leave = Leave(frozenset(map(str, adopt)), bool(row["overwrite-drift"]))
    return Options(leave, strict=bool(row["strict"]), allow=frozenset(map(str, allow)))


def fresh(stored: Stored, plan: Plan) -> None:
    """RefusedError where the plan would do something else now than what was looked at."""
    if digest(plan) != stored.digest:
        message = f"the {stored.scope} units have changed since the plan was made, or what they would change"
        raise RefusedError(Diagnostic("stale-plan", message, "look at a new plan: `mkunit plan`"))
