"""The proof of an import: the Python is loaded and rendered, and what that means is compared with the original."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import evolve

from mkunit import loader, parser, renderer
from mkunit.catalog.spec import Directive, Many
from mkunit.dsl.collect import NEWEST, Load
from mkunit.dsl.install import settle
from mkunit.importer.effect import Line, effective
from mkunit.importer.values import assignments, mergeable, words
from mkunit.model.text import percent
from mkunit.model.unit import Unit
from mkunit.renderer.source_unit import path

FILE = "imported.py"
Meaning = dict[tuple[str, str], tuple[str, ...]]
_NAMED = {"mount": ("Mount", "Where"), "automount": ("Automount", "Where"), "swap": ("Swap", "What")}


def again(text: str, scope: str) -> tuple[Unit, ...]:
    """The units that the Python builds; LoadError where it builds none."""
    with tempfile.TemporaryDirectory(prefix="mkunit-") as folder:
        file = Path(folder, FILE)
        file.write_text(text, encoding="utf-8")
        load = loader.load([file], Load(folder, NEWEST, scope))
    return settle(load.units, scope)


def rendered(unit: Unit) -> Unit:
    """The unit as it is read again from the file that is made of it."""
    text = renderer.text(unit)
    parsed = parser.parse(text.encode(), unit.name, unit.path, unit.dropin)
    return evolve(parsed.unit, scope=unit.scope)


def meaning(unit: Unit, lines: Iterable[Line]) -> Meaning:
    """The values of each directive as systemd reads them, whatever their order in the file where that means nothing."""
    found: dict[tuple[str, str], list[str]] = {}
    rows: dict[tuple[str, str], Directive | None] = {}
    for line in lines:
        section, name, value, _ = line.entry
        key = (section, name)
        if section == "Socket" and name.startswith("Listen"):
            key, value = (section, "Listen*"), f"{name}={value}" if value else ""
        found.setdefault(key, []).append(value)
        rows[key] = line.row
    result = {key: _values(rows[key], values) for key, values in found.items()}
    named = _NAMED.get(unit.kind)
    if named and not unit.dropin:
        result.setdefault(named, (percent(path(unit) or ""),))  # systemd takes it from the name
    return result


def _values(row: Directive | None, values: Sequence[str]) -> tuple[str, ...]:
    if row is None or row.many is not Many.JOIN:
        return tuple(values)
    if row.value == "environ":
        variables = [assignments(value) for value in values]
        if all(part is not None for part in variables):
            last = {word.removeprefix('"').partition("=")[0]: word for part in variables for word in part or ()}
            return ("",) * ("" in values) + tuple(sorted(last.values()))
    rest = [value for value in values if value]
    reset = ("",) * ("" in values)
    return reset + (tuple(word for value in rest for word in words(value)) if mergeable(rest) else tuple(rest))


def difference(wanted: Mapping[str, Meaning], built: Mapping[str, Meaning]) -> str:
    """What is not the same, as lines with `-` for the original and `+` for what came of it; empty where all is."""
    rows: list[str] = []
    for name in dict.fromkeys((*wanted, *built)):
        before, after = wanted.get(name, {}), built.get(name, {})
        keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
        if keys or (name in wanted) != (name in built):
            rows.append(f"{name}:")
        for key in keys:
            label = f"[{key[0]}] {key[1]}"
            rows += [f"- {label}={value}" for value in before.get(key, ())]
            rows += [f"+ {label}={value}" for value in after.get(key, ())]
    return "\n".join(rows)


def means(units: Iterable[Unit], scope: str) -> dict[str, Meaning]:
    """What units mean, by scope and path."""
    return {
        f"{unit.scope or scope}/{unit.path}": meaning(unit, effective(unit, unit.scope or scope).lines)
        for unit in units
    }
