"""Plans as Markdown, for comments on a change: a table of what happens, and each file's diff to fold out."""

from collections.abc import Iterator, Sequence

from mkunit.model.plan import Change, Plan
from mkunit.reporter import plain, plans


def text(found: Sequence[Plan]) -> str:
    """All plans as one document; a unit's own text stands in fences that it cannot end."""
    lines = [line for plan in found for line in _plan(plan)]
    return "\n".join(lines or [plans.nothing().strip()]) + "\n"


def _plan(plan: Plan) -> Iterator[str]:
    if not plan.changes:
        return
    yield f"### {plans.counts(plan)}"
    yield from ("", "| unit | change | what happens | why | connections |", "|---|---|---|---|---|")
    for change in plan.changes:
        dropped = "dropped" if change.drops else "kept"
        cells = (f"`{change.unit}`", change.change, plans.action(change), change.reason, dropped)
        yield "| " + " | ".join(map(_cell, cells)) + " |"
    for change in plan.changes:
        if change.path:
            yield from _folded(change)
    yield ""


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _folded(change: Change) -> Iterator[str]:
    diff = plain.diff(change.path or change.unit, change.before, change.after)
    fence = "`" * max(3, _longest(diff) + 1)
    yield from ("", f"<details><summary>{_cell(change.path or change.unit)}</summary>", "", f"{fence}diff")
    yield diff.rstrip("\n")
    yield from (fence, "", "</details>")


def _longest(words: str) -> int:
    """The longest run of backticks."""
    longest = run = 0
    for character in words:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
