"""The line of a keyword within a builder's call: rules know the call, the reader looks for the directive.

In go findings and the text of the units files, out come findings; nothing is read here.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from mkunit import catalog
from mkunit.errors import Diagnostic

Texts = Callable[[str], str | None]


def refined(found: Iterable[Diagnostic], texts: Texts) -> list[Diagnostic]:
    """The findings, each at the line of its directive where that can be told."""
    return [_refined(one, texts) for one in found]


def _refined(one: Diagnostic, texts: Texts) -> Diagnostic:
    if one.origin is None or not one.origin.line or not one.origin.path.endswith(".py") or not one.unit:
        return one
    call = call_at(texts(one.origin.path) or "", one.origin.line)
    word = keyword_of(call, one.unit.rpartition(".")[2], one.directive) if call and one.directive else None
    return one._replace(origin=one.origin._replace(line=word.value.lineno)) if word else one


def keyword_of(call: ast.Call, kind: str, directive: str) -> ast.keyword | None:
    """The keyword of a call that makes a directive."""
    names = catalog.keywords(kind) if kind in catalog.kinds() else {}
    for word in call.keywords:
        if word.arg and names.get(word.arg, ("", ""))[1] == directive:
            return word
    sugar = "listen" if directive.startswith("Listen") else "activates" if directive in ("Service", "Unit") else ""
    return next((word for word in call.keywords if word.arg and word.arg == sugar), None)


def call_at(text: str, line: int) -> ast.Call | None:
    """The outermost call with keywords that begins on a line."""
    return _calls(text).get(line)


@lru_cache(maxsize=512)
def _calls(text: str) -> dict[int, ast.Call]:
    found: dict[int, ast.Call] = {}
    for node in calls(text):
        found.setdefault(node.lineno, node)
    return found


def calls(text: str) -> list[ast.Call]:
    """The calls in a units file that have arguments, the outer ones first; none where it is no Python."""
    return [node for node in _walk(text) if isinstance(node, ast.Call) and (node.args or node.keywords)]


def _walk(text: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return
