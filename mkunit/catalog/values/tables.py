"""The tables of this room."""

from importlib.resources import files


def rows(table: str) -> list[list[str]]:
    """The rows of a table, without its header."""
    text = (files(__package__) / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n")[1:] if line]
