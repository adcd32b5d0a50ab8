"""The facts that systemd's tables do not say and its parsers and man pages do, read by a person, as tables."""

from pathlib import Path


def table(name: str) -> list[dict[str, str]]:
    """A table's rows by the names in its header; lines that begin with `#` are remarks."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    header, *rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    return [dict(zip(header, row, strict=True)) for row in rows]
