"""What a one-off command has made, as JSON has it."""

from collections.abc import Sequence

from mkunit.cli.writing import Written
from mkunit.model.unit import Unit, UnitFile
from mkunit.renderer import source


def document(
    units: Sequence[Unit], files: Sequence[UnitFile], written: Sequence[Written] | None, *, python: bool
) -> dict[str, object]:
    """The units with their texts, and where they were written to; `written` is None where they are only shown."""
    rows: list[dict[str, object]] = [
        {"name": file.name, "scope": file.scope, "path": file.path, "text": file.text} for file in files
    ]
    if python:
        place = written[0]._asdict() if written else {"path": None, "change": None}
        return {"units": rows, "python": {**place, "text": source.text(units)}}
    places: Sequence[Written | None] = written or [None] * len(files)
    return {"units": [row | (place._asdict() if place else {}) for row, place in zip(rows, places, strict=True)]}
