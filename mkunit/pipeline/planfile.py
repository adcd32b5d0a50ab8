"""A plan in a file: what is wanted, and a digest of what was going to be done, so that a stale one can be told."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from attrs import asdict, frozen

from mkunit.errors import Diagnostic, RefusedError
from mkunit.model.plan import Piece, Plan
from mkunit.system.journal import of_piece, piece

_VERSION = 1
_ASIDE = (
    "generation",
    "before",
    "notes",
    "excused",
    "hosts",
    "meant",
)  # of a plan: they say nothing of what it would do


@frozen
class Stored:
    """One scope's part of a plan file."""

    project: str
    scope: str
    root: str
    pieces: tuple[Piece, ...]
    commit: str
    digest: str


def digest(plan: Plan) -> str:
    """What a plan would do, in short: the same for the same plan from the same state."""
    shown = asdict(plan, filter=lambda field, _: field.name not in _ASIDE)
    stamps = dict(plan.generation.stamps)
    return sha256(json.dumps([shown, stamps], sort_keys=True, default=str).encode()).hexdigest()


def dump(parts: Iterable[tuple[str, str, Plan]]) -> str:
    """Plans as a document: project, root, and plan of each scope."""
    rows = [
        {
            "project": project,
            "scope": plan.scope,
            "root": root,
            "pieces": [of_piece(one) for one in plan.generation.pieces],
            "commit": plan.generation.commit,
            "digest": digest(plan),
        }
        for project, root, plan in parts
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
            )
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError(
            Diagnostic("bad-plan", "is no plan of this mkunit", "make one: `mkunit plan --out`")
        ) from None


def fresh(stored: Stored, plan: Plan) -> None:
    """RefusedError where the plan would do something else now than what was looked at."""
    if digest(plan) != stored.digest:
        message = f"the {stored.scope} units have changed since the plan was made, or what they would change"
        raise RefusedError(Diagnostic("stale-plan", message, "look at a new plan: `mkunit plan`"))
