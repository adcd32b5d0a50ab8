"""`masked=True`: a unit that systemd starts under no circumstances, whoever asks for it (systemctl(1), mask)."""

from mkunit.dsl.draft import Draft
from mkunit.dsl.spell import Problem

_ALLOWED = ("masked", "scope")


def is_masked(draft: Draft) -> bool:
    """Whether the unit is masked; then nothing else can be said of it, for nobody would read it."""
    value = draft.options["masked"]
    if not isinstance(value, bool):
        draft.complain("masked", Problem("wrong-type", f"takes no {type(value).__name__}", "write True or False"))
        return False
    for keyword in (word for word, given in draft.options.items() if word not in _ALLOWED and given is not None):
        if value:
            message = "is given to a unit that is masked: nobody would read it"
            draft.complain(keyword, Problem("masked-unit", message, f"leave out `{keyword}`, or `masked`"))
    return value
