"""`mkunit explain CODE`: a rule of `mkunit check` in words, with an example wrong and right; all of them as a list."""

import sys
import textwrap

from mkunit.checker.prose import Prose, everything
from mkunit.cli.ui import Ui

ALL = "rules"
_WIDTH = 88


def is_rule(name: str) -> bool:
    """Whether a rule is meant, or all of them."""
    return name in everything() or name == ALL


def run(name: str, ui: Ui) -> int:
    """One rule, or all of them."""
    rules = everything()
    if name == ALL:
        _list(list(rules.values()), ui)
        return 0
    rule = rules[name]
    if ui.json:
        ui.document({"rules": [_document(rule)]})
    elif ui.rich and sys.stdout.isatty():
        from mkunit.reporter import rules as painted  # rich is slow to import, and only a terminal needs it

        painted.paint(rule.code, str(rule.severity), _parts(rule), rule.wrong, rule.right, ui.color)
    else:
        ui.data(text(rule))
    return 0


def _list(rules: list[Prose], ui: Ui) -> None:
    if ui.json:
        ui.document({"rules": [_document(rule) for rule in rules]})
        return
    width = max(len(rule.code) for rule in rules) + 2
    ui.data("".join(f"{rule.code:<{width}}{rule.severity:<9}{rule.summary}\n" for rule in rules))


def _parts(rule: Prose) -> list[str]:
    """The words of a rule, a paragraph each."""
    where = ["Found with `mkunit check --machine` only."] if rule.needs_machine else []
    keep = f"To keep it: `# mkunit: ignore[{rule.code}]` at the end of its line."
    return [f"{rule.summary[0].upper()}{rule.summary[1:]}.", rule.why, *where, keep]


def text(rule: Prose) -> str:
    """A rule as bare text."""
    words = "\n\n".join(textwrap.fill(part, _WIDTH) for part in _parts(rule))
    wrong, right = (textwrap.indent(example, "    ") for example in (rule.wrong, rule.right))
    return f"{rule.code} ({rule.severity})\n\n{words}\n\nwrong:\n{wrong}\n\nright:\n{right}\n"


def _document(rule: Prose) -> dict[str, object]:
    row: dict[str, object] = {**rule._asdict(), "severity": str(rule.severity)}
    return row
