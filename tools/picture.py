"""Draws docs/plan.svg: what `mkunit plan` shows on a terminal of the real systemd, in a throw-away machine; as root.

python -m tools.picture
"""

import io
import shlex
from html import escape
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from mkunit.testing.machine import Machine

PICTURE = Path(__file__).parent.parent / "docs/plan.svg"
COLUMNS = 96
PLACE = "/srv/shop"
UNITS = """\
from mkunit import Service, Socket, Timer, unix

api = Service(
    "api",
    exec_start="/usr/bin/sleep infinity",
    environment={{"GREETING": "hello world", "WORKERS": "{workers}"}},
    memory_max="{memory}",
    ensure="running",
)
Socket("api", listen=[8080], activates=api)

chat = Service("chat", exec_start="/usr/bin/sleep infinity", ensure="running")
Socket("chat", listen=[{addresses}], activates=chat)

backup = Service("backup", type="oneshot", exec_start="/usr/local/bin/backup --all", wanted_by=[])
"""
TIMER = """\
Timer("backup", on_calendar="daily", persistent=True, activates=backup)
"""
BEFORE = UNITS.format(workers=4, memory="512M", addresses="6697")
AFTER = UNITS.format(workers=8, memory="1G", addresses='6697, unix("/run/chat.sock")') + TIMER
THEME = TerminalTheme(
    (22, 27, 34), (201, 209, 217),
    [(72, 79, 88), (255, 123, 114), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255), (86, 212, 221),
     (201, 209, 217)],
)  # fmt: skip
# Loads nothing: the fonts are those that whoever looks has.
FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="what mkunit plan shows">
<!-- drawn by tools/picture.py -->
<desc>{desc}</desc>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-ligatures: none;
}}
.{unique_id}-title {{ font-family: ui-sans-serif, system-ui, sans-serif; font-size: 18px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    """Write the picture."""
    with Machine() as machine:
        PICTURE.write_text(svg(painted(machine)), encoding="utf-8")


def painted(machine: Machine) -> Text:
    """What stands on a terminal of the machine, with its colours."""
    mkunit = (machine.python, "-m", "mkunit", "-C", PLACE)
    machine.write(f"{PLACE}/units/shop.py", BEFORE)
    machine.run(*mkunit, "apply", "--yes", "--settle", "0.2")
    machine.write(f"{PLACE}/units/shop.py", AFTER)
    command = f"stty cols {COLUMNS} rows 100; {shlex.join((*mkunit, 'plan'))}"
    terminal = {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    seen = machine.run("script", "--quiet", "--return", "--command", command, "/dev/null", env=terminal)
    lines = (line.rstrip() for line in seen.stdout.rstrip().splitlines())
    return Text.assemble(("$ ", "dim"), ("mkunit plan", "bold"), "\n\n", Text.from_ansi("\n".join(lines)))


def svg(text: Text) -> str:
    """The drawing; its text stands in it once more, for those who do not see it."""
    out = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor")
    out.print(text)
    form = FORMAT.replace("{desc}", escape(text.plain).replace("{", "{{").replace("}", "}}"))
    return out.export_svg(title="mkunit plan", theme=THEME, code_format=form, unique_id="plan")


if __name__ == "__main__":
    main()
