"""What systemd is to say of a unit once it has read our files: the lines of ours that hold in the end."""

from collections.abc import Iterable, Iterator

from mkunit.catalog import properties
from mkunit.model.plan import Meant
from mkunit.model.unit import Entry, Unit

# Of these systemd keeps another name, or drops them: templates are never loaded, and devices cannot be delayed.
_ASIDE = ("@.", ".device")


def meant(unit: Unit, folder: str, paths: Iterable[str]) -> tuple[Meant, ...]:
    """The lines of our own files that can be compared, of a unit with all its drop-ins."""
    own = {f"{folder}/{path}" for path in paths}
    lines: dict[tuple[str, str], list[Entry]] = {}
    for entry in unit.entries:
        lines.setdefault((entry.section, entry.name), []).append(entry)
    implied = unit.flag("DynamicUser")
    return tuple(found for entries in lines.values() for found in _meant(unit, entries, own, implied))


def _meant(unit: Unit, entries: list[Entry], own: set[str], implied: bool) -> Iterator[Meant]:
    section, name = entries[0][:2]
    shown = properties.shown(section, name)
    if shown is None or (implied and properties.is_implied(name)):
        return
    if shown.how == "units":
        words = (word for entry in entries if _is_ours(entry, own) for word in entry.value.split())
        if names := " ".join(dict.fromkeys(word for word in words if _stays(word, unit))):
            yield Meant(name, *shown, names)
    elif entries[-1].value and _is_ours(entries[-1], own):
        yield Meant(name, *shown, entries[-1].value)


def _is_ours(entry: Entry, own: set[str]) -> bool:
    """Whether a line is of our making; those of others have a place."""
    return entry.origin is None or entry.origin.path in own


def _stays(word: str, unit: Unit) -> bool:
    return word != unit.name and not any(part in word for part in _ASIDE) and "%" not in word
