"""Rules over the graph: each a pure function that yields what it finds; all findings, never only the first.

`mkunit build` says what is certain; `mkunit check` says everything, and with facts of a machine what is wrong there.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from mkunit.checker.table import RULES, Rule
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

if TYPE_CHECKING:
    from mkunit.model.facts import Facts  # only `mkunit check --machine` has some

Place = tuple[str, str]  # a scope and a target
Judge = Callable[[Graph, Target], Iterator[Diagnostic]]
_NAMES = "names:"  # rules that look at names only, those of masked units too
_OWN = frozenset({"sockets", "names", "whole"})  # modules whose rules have several codes, and say how grave each is

__all__ = ["RULES", "Rule", "check", "examine"]


def check(graph: Graph, target: Target) -> tuple[Diagnostic, ...]:
    """What is certainly wrong, in the order of the rules, each finding once."""
    return _run(graph, target, [rule for rule in RULES if rule.is_certain], _TARGETS)


def examine(graph: Graph, target: Target, facts: "Facts | None" = None) -> tuple[Diagnostic, ...]:
    """Everything that the rules find; with facts of the machine also what is wrong only there."""
    found = _run(graph, target, RULES, frozenset())
    if facts is None:
        return found
    from mkunit.checker.machine import examine as on_machine  # as above

    return found + tuple(on_machine(graph.unmasked, target, facts))


def _run(
    graph: Graph, target: Target, rules: "tuple[Rule, ...] | list[Rule]", right: frozenset[Place]
) -> tuple[Diagnostic, ...]:
    there = _there(graph, right)
    readable = graph.unmasked
    found: dict[Diagnostic, None] = {}
    for rule in rules:
        if rule.needs and sum(there[word] for word in rule.needs) < rule.least:
            continue
        for one in function(rule)(graph if rule.place.startswith(_NAMES) else readable, target):
            found[one if _is_settled(rule, one) else one._replace(severity=rule.severity)] = None
    return tuple(found)


def _is_settled(rule: Rule, one: Diagnostic) -> bool:
    return rule.place.partition(":")[0] in _OWN or (one.severity is not rule.severity and one.severity is not _DEFAULT)


# Where most units belong, in either scope: that a unit is wanted there needs no rule's attention.
_ALWAYS_RIGHT = frozenset({"sockets.target", "timers.target", "paths.target"})
# Nor has a rule that is certain anything to say of these.
_TARGETS: frozenset[Place] = frozenset({("user", "default.target"), ("system", "multi-user.target")})
_DEFAULT = Diagnostic("", "").severity


def function(rule: Rule) -> Judge:
    """The function of a rule, its module imported."""
    module, _, name = rule.place.partition(":")
    judge: Judge = getattr(import_module(f"mkunit.checker.{module}"), name)
    return judge


def _there(graph: Graph, right: frozenset[Place]) -> Counter[str]:
    """How many units of each kind there are, and lines of each directive that may be wrong."""
    there = Counter(
        entry.name
        for unit in graph.units
        for entry in unit.entries
        if entry.value not in _ALWAYS_RIGHT and (unit.scope, entry.value) not in right
    )
    there.update(unit.kind for unit in graph.units)
    there["drop-in"] = sum(unit.dropin is not None for unit in graph.units)
    there["several"] = len(graph.units) > 1
    return there
