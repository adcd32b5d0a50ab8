"""`mkunit history`: the generations that are kept: when, by whom, from which commit, what changed."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import datetime

from mkunit.cli import site, tables
from mkunit.cli.ui import Ui
from mkunit.model.plan import Generation

USAGE = "mkunit history [options]"
_COLUMNS = ("generation", "scope", "when", "who", "commit", "command", "changes")


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = "The generations that are kept, the newest first; `mkunit rollback N` brings one back."
    parser.epilog = "examples:\n  mkunit history\n  mkunit history --json"
    site.scope_arguments(parser)


def run(given: Namespace, ui: Ui) -> int:
    rows = []
    for one in site.current_sites(given):
        kept, current = one.records.history(), one.records.current().number
        before = [Generation(), *kept]
        rows += [_row(new, old, one.live.scope, current) for new, old in zip(kept, before, strict=False)][::-1]
    if ui.json:
        ui.document({"generations": rows})
    elif rows:
        tables.show(_COLUMNS, [[_cell(row[name]) for name in _COLUMNS] for row in rows], ui)
    else:
        ui.say("nothing was applied yet")
    return 0


def _row(new: Generation, old: Generation, scope: str, current: int) -> dict[str, object]:
    when = datetime.fromtimestamp(new.when).astimezone().isoformat(" ", "minutes")
    return {
        "generation": new.number, "scope": scope, "when": when, "who": new.who, "commit": new.commit,
        "command": new.what, "changes": _changes(new, old), "current": new.number == current,
    }  # fmt: skip


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _changes(new: Generation, old: Generation) -> Sequence[str]:
    after, before = new.by_path, old.by_path
    signs = (
        ("+", [path for path in after if path not in before]),
        ("~", [path for path in after if path in before and after[path].text != before[path].text]),
        ("-", [path for path in before if path not in after]),
    )
    return [f"{sign}{path}" for sign, paths in signs for path in sorted(paths)]
