"""Plans and what came of them, shown: painted on a terminal, as text elsewhere, as JSON where that is asked for."""

import sys
from collections.abc import Sequence

from mkunit.cli.ui import Ui
from mkunit.model.plan import Change, Plan
from mkunit.reporter import plain, plans
from mkunit.system import pager


def show(found: Sequence[Plan], ui: Ui, *, to_stdout: bool) -> None:
    """The plans; data where the command is about them, else speech."""
    if ui.json:
        if to_stdout:
            ui.document(document(found))
        return
    if ui.quiet and not to_stdout:
        return
    stream = sys.stdout if to_stdout else sys.stderr
    if ui.rich and stream.isatty():
        from mkunit.reporter import painted  # rich is slow to import, and only a terminal needs it

        text, is_long = painted.plans(found, ui.color, stream)
        if is_long and to_stdout and ui.interactive:
            pager.show(text, stream)
        else:
            stream.write(text)
    else:
        stream.write(plans.text(found))


def document(found: Sequence[Plan]) -> dict[str, object]:
    """Plans as JSON has them."""
    return {
        "changes": [_row(change, plan) for plan in found for change in plan.changes],
        "steps": [
            {"scope": plan.scope, "verb": step.verb, "units": list(step.units)} for plan in found for step in plan.steps
        ],
    }


def _row(change: Change, plan: Plan) -> dict[str, object]:
    path = f"{plan.folder}/{change.path}" if change.path else None
    return {
        "unit": change.unit,
        "scope": change.scope,
        "path": path,
        "change": change.change,
        "diff": plain.diff(path, change.before, change.after) if path else "",
        "action": change.action,
        "reason": change.reason,
        "drops_connections": bool(change.drops),
    }
