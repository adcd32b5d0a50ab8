"""What a change of a unit means for one that runs, line by line; the table is data (catalog/classes.tsv).

`none`: nobody notices. `live`: in force after a daemon-reload. `cgroup`: the same, re-applied to what runs. `pulls`:
after a daemon-reload and a start of the running unit. `reload`: after a reload of the unit. `binds`: a socket must be
bound again. `restart`: everything else, and whatever the table does not know.
"""

from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from mkunit import catalog
from mkunit.model.unit import Unit

DISTURBING = frozenset(["restart", "binds"])


class Difference(NamedTuple):
    """What differs between two definitions of a unit: the classes, and the directives that count most."""

    classes: frozenset[str]
    names: tuple[str, ...] = ()


NOTHING = Difference(frozenset())


@cache
def _rules() -> list[tuple[str, str, str]]:
    return [(section, name, found) for section, name, found in catalog.rows("classes.tsv")]


@cache
def class_of(section: str, name: str) -> str:
    """The class of one directive; the first row of the table that matches.

    >>> class_of("Unit", "Description"), class_of("Service", "Environment"), class_of("Service", "MemoryMax")
    ('none', 'restart', 'cgroup')
    """
    return next(found for where, what, found in _rules() if fnmatchcase(section, where) and fnmatchcase(name, what))


def difference(before: Unit, after: Unit) -> Difference:
    """What differs; the order of different directives means nothing, that of one directive's lines does."""
    old, new = _values(before), _values(after)
    by_class: dict[str, list[str]] = {}
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            by_class.setdefault(_class(key, old, new), []).append(_named(key, old, new))
    order = ("binds", "restart", "reload", "pulls", "cgroup", "live", "none")
    names = next((by_class[found] for found in order if found in by_class), [])
    return Difference(frozenset(by_class), tuple(dict.fromkeys(names)))


_Values = dict[tuple[str, str], tuple[str, ...]]


def _class(key: tuple[str, str], old: _Values, new: _Values) -> str:
    """The class of a directive's change: a unit that is no longer wanted is not stopped, so only new ones pull."""
    found = class_of(*key)
    if found == "pulls":
        words = {word for value in old.get(key, ()) for word in value.split()}
        more = {word for value in new.get(key, ()) for word in value.split()} - words
        return "pulls" if more else "live"
    return found


def _named(key: tuple[str, str], old: _Values, new: _Values) -> str:
    """The directive that a person would point at; of listeners, the first that is not in both."""
    if not key[1].endswith("…"):
        return key[1]
    changed = [
        line
        for line in (*new.get(key, ()), *old.get(key, ()))
        if line not in new.get(key, ()) or line not in old.get(key, ())
    ]
    return next(iter(changed), *new.get(key, ("ListenStream",))[:1]).partition("=")[0]


def _values(unit: Unit) -> _Values:
    found: _Values = {}
    for entry in unit.entries:
        key = (entry.section, _listen(entry.section, entry.name))
        # What an empty assignment takes back was never there.
        value = f"{entry.name}={entry.value}" if key[1] != entry.name else entry.value
        found[key] = (*found.get(key, ()), value) if entry.value else ()
    return {key: values for key, values in found.items() if values}


def _listen(section: str, name: str) -> str:
    """Listeners are one list: descriptors are passed in the order of all of them."""
    return "Listen…" if section == "Socket" and name.startswith("Listen") else name
