"""`mkunit explain CODE`, where the code is no rule: what it means, and what to do."""

import textwrap
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mkunit.cli.ui import Ui

ALL = "codes"
_FILE = Path(__file__).with_name("codes.toml")
_WIDTH = 88


class Code(NamedTuple):
    """A code in words; `is_of_lines` says that it is found at a line, and may be ignored there."""

    code: str
    means: str
    do: str
    is_of_lines: bool


@cache
def everything() -> dict[str, Code]:
    """All codes that are no rules."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {code: Code(code, row["means"], row["do"], row.get("line", False)) for code, row in table.items()}


def run(name: str, ui: Ui) -> int:
    """One code, or all of them."""
    found = [one for one in everything().values() if name in (one.code, ALL)]
    if ui.json:
        ui.document({"codes": [{"code": one.code, "means": one.means, "do": one.do} for one in found]})
    elif name == ALL:
        width = max(len(one.code) for one in found) + 2
        ui.data("".join(f"{one.code:<{width}}{one.means}\n" for one in sorted(found)))
    else:
        ui.data(text(found[0]))
    return 0


def text(one: Code) -> str:
    """A code as bare text."""
    keep = [f"To keep it: `# mkunit: ignore[{one.code}]` at the end of its line."] if one.is_of_lines else []
    return f"{one.code}\n\n" + "\n\n".join(textwrap.fill(part, _WIDTH) for part in (one.means, one.do, *keep)) + "\n"
