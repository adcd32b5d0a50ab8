"""What can be told of a rule by its code: how grave it is, why it matters, and an example wrong and right."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mkunit.checker.machine import FACTS
from mkunit.checker.table import RULES
from mkunit.errors import Severity

_FILE = Path(__file__).with_name("rules.toml")
# What the rules say in passing that have another code in the table, or none.
_OTHERS = {
    "v4-v6-clash": Severity.ERROR, "accept-not-a-stream": Severity.ERROR, "accept-with-service": Severity.ERROR,
    "limit-needs-accept": Severity.WARNING, "plain-needs-plain": Severity.ERROR, "no-effect": Severity.WARNING,
    "unused-ignore": Severity.WARNING, "unknown-ignore": Severity.ERROR, "file-mode": Severity.WARNING,
}  # fmt: skip
# What is found before any rule: by the builders, and by the reader of unit files.
LINES = {
    "bad-value": Severity.ERROR, "silent-loss": Severity.ERROR, "newer-value": Severity.ERROR,
    "deprecated-value": Severity.WARNING, "newer-directive": Severity.ERROR, "deprecated-directive": Severity.WARNING,
    "unknown-directive": Severity.ERROR, "misplaced-directive": Severity.ERROR, "bad-mode": Severity.ERROR,
}  # fmt: skip


class Prose(NamedTuple):
    """A rule in words."""

    code: str
    severity: Severity
    summary: str
    why: str
    wrong: str
    right: str
    needs_machine: bool = False


@cache
def everything() -> dict[str, Prose]:
    """All rules in words, by code."""
    grave = (
        {rule.code: rule.severity for rule in RULES} | {fact.code: fact.severity for fact in FACTS} | _OTHERS | LINES
    )
    facts = {fact.code for fact in FACTS}
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        code: Prose(code, grave[code], row["summary"], row["why"], *_examples(row), code in facts)
        for code, row in table.items()
    }


def _examples(row: dict[str, str]) -> tuple[str, str]:
    return row["wrong"].strip("\n"), row["right"].strip("\n")


def explain(code: str) -> Prose | None:
    """A rule in words, None where there is none of that code."""
    return everything().get(code)
