"""The examples of `mkunit explain CODE`: the wrong one has exactly that mistake, the right one none."""

import pytest
from projects import MACHINE, codes, found, python

from mkunit.checker.machine import FACTS
from mkunit.checker.prose import LINES, Prose, everything
from mkunit.checker.table import RULES
from mkunit.errors import MkunitError

FILES = ("unused-ignore", "unknown-ignore", "file-mode")  # which are about files, and not about units
ALL = [one for one in everything().values() if one.code not in (*FILES, *LINES)]
OF_LINES = [one for one in everything().values() if one.code in LINES]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_wrong(rule: Prose) -> None:
    """Nothing but the rule's own code, and as grave as it says."""
    every = found(rule.wrong, facts=MACHINE if rule.needs_machine else None)
    assert [one.code for one in every] == [rule.code]
    assert every[0].severity is rule.severity
    assert every[0].hint


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_right(rule: Prose) -> None:
    assert codes(rule.right, facts=MACHINE if rule.needs_machine else None) == []


@pytest.mark.parametrize("rule", OF_LINES, ids=lambda rule: rule.code)
def test_line(rule: Prose) -> None:
    """What the builders say by themselves."""
    try:
        _, said = python(rule.wrong)
    except MkunitError as error:
        said = list(error.diagnostics)
    assert [(one.code, one.severity) for one in said] == [(rule.code, rule.severity)]
    assert (codes(rule.right), python(rule.right)[1]) == ([], [])


def test_every_rule_is_told_of() -> None:
    """A rule without prose, or prose without a rule, is a slip."""
    assert {rule.code for rule in RULES} | {fact.code for fact in FACTS} <= set(everything())


@pytest.mark.parametrize("rule", everything().values(), ids=lambda rule: rule.code)
def test_prose(rule: Prose) -> None:
    """Short, and whole sentences in the reasons."""
    assert len(rule.summary) < 90
    assert not rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert rule.code.replace("-", "").isalnum()
