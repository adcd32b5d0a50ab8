"""Unit files in a folder of their own, where systemd's programs read them before they are anywhere else."""

import os
from collections.abc import Iterable
from pathlib import Path


def fill(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write texts to their paths below a folder; there may be thousands, of which few have a folder of their own."""
    top, made = os.fspath(folder), {""}
    for path, text in texts:
        above = path.rpartition("/")[0]
        if above not in made:
            Path(top, above).mkdir(parents=True, exist_ok=True)
            made.add(above)
        with open(f"{top}/{path}", "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
