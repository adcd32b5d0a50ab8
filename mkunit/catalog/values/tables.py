"""The tables of this room."""

_FOLDER = __file__.rpartition("/")[0]


def rows(table: str) -> list[list[str]]:
    """The rows of a table, without its header."""
    # importlib.resources would cost a short run more than all that is judged by the table.
    with open(f"{_FOLDER}/{table}", encoding="utf-8") as file:
        text = file.read()
    return [line.split("\t") for line in text.split("\n")[1:] if line]
