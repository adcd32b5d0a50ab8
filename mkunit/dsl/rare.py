"""The sugar that few units use: lines that the catalogue does not know, and hardening profiles."""

import re
from contextvars import ContextVar
from functools import cache
from typing import NamedTuple

from mkunit import catalog
from mkunit.catalog.spec import Directive, Many
from mkunit.dsl.draft import Draft, with_article
from mkunit.dsl.spell import Problem, UnspellableError, spell
from mkunit.errors import Diagnostic, near
from mkunit.model.unit import Entry

_SECTION = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.@-]*")


def extra(draft: Draft, value: object) -> None:
    """`extra=[("Service", "X-Vendor", "value")]`: lines that the catalogue does not know."""
    if value is None:
        return
    hint = 'write extra=[("Service", "X-Vendor", "value")]'
    if not isinstance(value, list | tuple):
        draft.complain("extra", Problem("wrong-type", f"takes a list, not {type(value).__name__}", hint))
        return
    for item in value:
        if not (isinstance(item, list | tuple) and len(item) == 3):
            draft.complain(
                "extra", Problem("wrong-type", f"takes threes of section, name and value, not {item!r}", hint)
            )
            continue
        _extra(draft, *item)


def _extra(draft: Draft, section: object, name: object, value: object) -> None:
    known = catalog.sections(draft.kind)
    if not isinstance(section, str) or not (
        section in known or (section.startswith("X-") and _SECTION.fullmatch(section))
    ):
        hint = f"write one of {', '.join(known)}, or a section that starts with `X-`"
        draft.complain(
            "extra",
            Problem(
                "bad-section", f"has the section {section!r}, which {with_article(draft.kind)} does not have", hint
            ),
        )
        return
    if not isinstance(name, str) or not _KEY.fullmatch(name):
        hint = 'write a name as in a unit file, such as "X-Vendor"'
        draft.complain("extra", Problem("bad-name", f"has {name!r}, which is no name of a directive", hint))
        return
    row = catalog.lookup(section, name) if section in known else None
    if row:
        found = len(draft.found)
        draft.add("extra", section, row, value)
        draft.found[found:] = [_naming(name, problem) for problem in draft.found[found:]]
        return
    _unknown(draft, section, name, value)


def _unknown(draft: Draft, section: str, name: str, value: object) -> None:
    row = Directive("", name, "", "", 0, None, "", Many.REPEAT, "", "", frozenset())
    try:
        draft.entries += [Entry(section, name, text, draft.origin) for text in spell(row, value)]
    except UnspellableError as error:
        draft.complain("extra", error.problem, name)
        draft.found[-1] = _naming(name, draft.found[-1])


def _naming(name: str, found: Diagnostic) -> Diagnostic:
    """The directive's name in a complaint: `extra` has many."""
    return found._replace(message=found.message.replace("`extra`", f"`{name}=` in `extra`", 1))


class Profiles(NamedTuple):
    """A watch on profiles, for those who compare units with theirs and without: what was applied to which unit."""

    applied: dict[str, str]
    are_left_out: bool = False


watched: ContextVar[Profiles | None] = ContextVar("mkunit-profiles", default=None)


@cache
def profiles() -> dict[str, list[tuple[str, str]]]:
    """The directives of each profile, in the order of the table."""
    found: dict[str, list[tuple[str, str]]] = {}
    for profile, name, text in catalog.rows("profiles.tsv"):
        found.setdefault(profile, []).append((name, text))
    return found


def hardening(draft: Draft, value: object) -> None:
    """`hardening="strict"`: a profile's directives, each of which the unit's own keywords override."""
    if value is None:
        return
    known = profiles()
    if not isinstance(value, str) or value not in known:
        meant = near(str(value), known)
        hint = f"did you mean {meant!r}?" if meant else f"write one of {', '.join(known)}"
        draft.complain("hardening", Problem("unknown-profile", f"is {value!r}, which is no profile", hint))
        return
    watch = watched.get()
    if watch is not None:
        watch.applied[draft.name] = value
        if watch.are_left_out:
            return
    own = {name for word, (_, name) in catalog.keywords(draft.kind).items() if word in draft.options}
    for name, text in known[value]:
        row = catalog.lookup(catalog.sections(draft.kind)[1], name)
        if row and name not in own and row.since <= draft.systemd:
            draft.line("hardening", catalog.sections(draft.kind)[1], row, text)
