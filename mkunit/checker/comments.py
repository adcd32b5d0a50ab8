"""`# mkunit: ignore[code]`: findings that the user has looked at and means to keep.

At the end of a line of Python it is for that line, and on the first line of a builder's call for the whole unit. On a
line of its own it is for the line below; in a unit file above its first section, for the whole file.
"""

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from mkunit.checker.places import Texts, call_at, refined
from mkunit.errors import Diagnostic, Origin, Severity, near

MARK = "mkunit:"
_COMMENT = re.compile(r"[#;]\s*mkunit:\s*(.*)$")
_IGNORE = re.compile(r"ignore\s*(?:\[([^]]*)\])?(?:\s|$)")


class Ignore(NamedTuple):
    """One code of a comment: where the comment stands, and the lines that it is for; none for a whole file."""

    code: str
    line: int
    lines: frozenset[int]


def settled(
    found: Iterable[Diagnostic], texts: Texts, paths: Iterable[str], known: Collection[str] | None = None
) -> list[Diagnostic]:
    """The findings at their keywords' lines, without those that are ignored.

    With the codes that are known, ignores that hide nothing, or that name no rule, are findings too.
    """
    found = list(found)
    every = {path: _ignores(path, texts(path) or "") for path in dict.fromkeys(paths)}
    exact = refined(found, texts)
    used: set[tuple[str, Ignore]] = set()
    left = []
    for rough, one in zip(found, exact, strict=True):
        path = one.origin.path if one.origin else ""
        hits = [ignore for ignore in every.get(path, ()) if _covers(ignore, rough, one)]
        used |= {(path, ignore) for ignore in hits}
        if not hits:
            left.append(one)
    if known is None:
        return left
    wrong = (complaint for path, ignores in every.items() for complaint in _complaints(path, ignores, used, known))
    return [*left, *wrong]


def _covers(ignore: Ignore, rough: Diagnostic, one: Diagnostic) -> bool:
    if ignore.code != one.code:
        return False
    places = {place.origin.line for place in (rough, one) if place.origin}
    return not ignore.lines or bool(ignore.lines & places)


def _complaints(
    path: str, ignores: Sequence[Ignore], used: set[tuple[str, Ignore]], known: Collection[str]
) -> Iterator[Diagnostic]:
    for ignore in ignores:
        place = Origin(path, ignore.line)
        if not ignore.code:
            hint = "name the codes that it is for: `# mkunit: ignore[CODE]`"
            yield Diagnostic("unknown-ignore", "the comment names no rule, and ignores nothing", hint, place)
        elif ignore.code not in known:
            meant = near(ignore.code, known)
            hint = f"did you mean `{meant}`?" if meant else "`mkunit check` shows the codes of what it finds"
            yield Diagnostic("unknown-ignore", f"`{ignore.code}` is no rule", hint, place)
        elif (path, ignore) not in used:
            message = f"nothing here is found by `{ignore.code}`"
            yield Diagnostic("unused-ignore", message, "leave out the comment", place, Severity.WARNING)


def _ignores(path: str, text: str) -> list[Ignore]:
    if MARK not in text:
        return []
    return [
        Ignore(code, line, lines)
        for line, lines, words in (_python(text) if path.endswith(".py") else _file(text))
        for code in _codes(words)
    ]


def _codes(words: str) -> list[str]:
    """The codes of a comment; an empty one where it is meant to be an ignore, and names none."""
    match = _IGNORE.match(words)
    if match is None or match[1] is None:
        return [""]
    return [code.strip() for code in match[1].split(",") if code.strip()] or [""]


def _python(text: str) -> Iterator[tuple[int, frozenset[int], str]]:
    """Comments of a units file, each with the lines that it is for."""
    lines = text.splitlines()
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        if token.type != tokenize.COMMENT or not (match := _COMMENT.search(token.string)):
            continue
        line = token.start[0]
        alone = not lines[line - 1][: token.start[1]].strip()
        target = _below(lines, line) if alone else line
        yield line, _span(text, target), match[1]


def _span(text: str, line: int) -> frozenset[int]:
    """A line, and where a builder's call begins there all of its lines."""
    call = call_at(text, line)
    return frozenset(range(line, (call.end_lineno or line) + 1)) if call else frozenset({line})


def _below(lines: Sequence[str], line: int) -> int:
    """The next line that is neither empty nor a comment."""
    for number in range(line, len(lines)):
        if lines[number].strip() and not lines[number].lstrip().startswith(("#", ";")):
            return number + 1
    return line


def _file(text: str) -> Iterator[tuple[int, frozenset[int], str]]:
    """Comments of a unit file; those above its first section are for all of it."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines, 1) if line.lstrip().startswith("[")), 0)
    for number, line in enumerate(lines, 1):
        if match := _COMMENT.match(line.strip()):
            whole = number < first
            yield number, frozenset() if whole else frozenset({_below(lines, number)}), match[1]
