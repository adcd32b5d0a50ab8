"""Plans as bare text, for pipes and files; lines are short enough for a narrow terminal."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from mkunit.model.plan import Change, Plan, Step
from mkunit.reporter import plain

_SIGNS = {"new": "+", "changed": "~", "removed": "-", "unchanged": "="}
_WIDTH = 76
_KINDS = {"rebind": "restart", "retry": "restart", "stop-start": "restart", "pull": "start"}
_NAMED = 3  # units of a step that are named before the others are counted


def text(found: Sequence[Plan]) -> str:
    """Each change with its diff, its action and the reason; then the steps."""
    return "\n".join(line for plan in found for line in _plan(plan)) + "\n" if any(map(_shown, found)) else nothing()


def nothing() -> str:
    """What is said where there is nothing to do."""
    return "nothing to do: everything is as the units files say\n"


def _shown(plan: Plan) -> bool:
    return bool(plan.changes) or not plan.is_empty


def _plan(plan: Plan) -> Iterator[str]:
    if not _shown(plan):
        return
    yield f"{plan.scope} units, in {plan.folder}"
    yield ""
    for change in plan.changes:
        yield from _change(change)
    if plan.steps:
        yield "in this order:"
        yield from (f"  {i}. {step_text(step, plan)}" for i, step in enumerate(plan.steps, 1))
        yield ""
    yield counts(plan)


def _change(change: Change) -> Iterator[str]:
    yield f"{_SIGNS[change.change]} {change.path or change.unit} ({change.change})"
    yield from wrapped(f"{action(change)}: {change.reason}")
    if change.path:
        yield plain.diff(change.path, change.before, change.after)
    else:
        yield ""


def action(change: Change) -> str:
    """What is done to the unit, in words."""
    words = {
        "nothing": "nothing", "live": "in force at once", "pending": "pending", "rebind": f"restart {change.unit}",
        "retry": f"restart {change.unit}", "pull": f"start {change.unit}", "forget": f"reset {change.unit}",
        "stop-start": f"stop and start {change.unit}", "tell": "read at once",
    }  # fmt: skip
    return words.get(change.action, f"{change.action} {change.unit}")


def wrapped(line: str, indent: str = "    ") -> list[str]:
    """A sentence over as many lines as it needs; a word is never broken."""
    return textwrap.wrap(
        line, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def step_text(step: Step, plan: Plan) -> str:
    """A step in words."""
    match step.verb:
        case "write":
            files, links = len(plan.files), len(plan.links)
            parts = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((files, "file"), (links, "link")) if n]
            return f"write {' and '.join(parts)}"
        case "settle":
            return f"wait until {_units(step.units)} {'is' if len(step.units) == 1 else 'are'} well"
        case "daemon-reload":
            return "systemctl daemon-reload" + (", by each of these users' systemd" if plan.scope == "global" else "")
    return f"systemctl {step.verb} {_units(step.units)}"


def _units(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return " ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def counts(plan: Plan) -> str:
    """One line: what there is to do, and whether anybody will notice."""
    files = Counter(change.change for change in plan.changes if change.path)
    actions = Counter(_KINDS.get(change.action, change.action) for change in plan.changes)
    for quiet in ("nothing", "live", "forget", "tell"):
        del actions[quiet]
    parts = [f"{n} {word}" for word, n in (*files.items(), *actions.items())]
    dropped = [change.unit for change in plan.changes if change.drops]
    noticed = "connections are dropped" if dropped else "no connection is dropped"
    nothing = "nothing is touched" if plan.refusals else "only the records change"
    return f"{plan.scope}: {', '.join(parts) or nothing}; {noticed}"
