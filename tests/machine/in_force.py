"""Run inside a machine: units of each directive that can be compared, and the machine's own under other names."""

import json
import sys
from pathlib import Path

from mkunit import catalog, parser
from mkunit.catalog import properties
from mkunit.catalog.spec import Directive
from mkunit.catalog.values import check, describe
from mkunit.catalog.values.enums import words
from mkunit.model.plan import Meant, Op, Plan
from mkunit.planner.meant import meant
from mkunit.runner import force
from mkunit.system.live import Live

FOLDER = "/etc/systemd/system"
LIVE = Live("system")
BARE = {
    "Service": "ExecStart=/bin/true\n", "Socket": "ListenStream=/run/x\nService=dbus.service\n",
    "Timer": "OnBootSec=9d\nUnit=dbus.service\n", "Path": "PathExists=/x\nUnit=dbus.service\n",
    "Mount": "What=tmpfs\nType=tmpfs\n", "Automount": "", "Swap": "",
}  # fmt: skip
VALUES = {
    "flag": ["yes", "off"], "number": ["7"], "span": ["1min 30s", "77"], "size": ["3M"], "mode": ["0751"],
    "string": ["nobody"], "path": ["/usr//lib"], "quota": ["30%"], "units": ["a.target b.target"],
}  # fmt: skip
# Where the usual values would not be taken, or would be what is there anyway.
OWN = {
    "BindToDevice": ["lo"], "Where": [], "BusName": ["org.x.Y"],
    "KeyringMode": ["private", "shared", "inherit"], "UtmpMode": ["login", "user"],
    "StandardInput": ["tty", "null"], "StandardOutput": ["inherit", "tty", "null", "kmsg"], "StandardError": ["tty", "null"],
    "ProtectSystem": ["full", "strict"], "ProtectHome": ["read-only", "tmpfs"],
}  # fmt: skip


def values(section: str, name: str, how: str, version: int) -> list[str]:
    if name in OWN:
        return OWN[name]
    row = catalog.lookup(section, name)
    if how != "word":
        return list(dict.fromkeys([*VALUES[how], *(examples(row, version) if row and how != "units" else ())]))
    known = words(row.value) if row else {}
    return [
        word
        for word, (since, until) in known.items()
        if since <= version and (until is None or version < until) and not word.startswith("<")
    ]


def examples(row: Directive, version: int) -> list[str]:
    """What the grammar of the directive has for examples, as far as systemd takes them."""
    rare = ["010", "infinity", "4294967295", "1h 30min", "0x10", "5"]
    return [value for value in (*describe(row).good, *rare) if value.strip() and not check(row, value, version)]


def unit(number: int, section: str, line: str) -> str:
    kind = "service" if section == "Unit" else section.lower()
    name = f"y{number}.{kind}"
    own = section if section != "Unit" else "Service"
    bare = BARE[own]
    if kind in ("mount", "automount"):
        bare += f"Where=/y{number}\n"
    if kind == "swap":
        bare += f"What=/y{number}\n"
    text = f"[Unit]\n{line}[{own}]\n{bare}" if section == "Unit" else f"[{own}]\n{bare}{line}"
    Path(FOLDER, name).write_text(text, encoding="utf-8")
    return name


def rows(version: int) -> dict[str, object]:
    """Each directive with each value: what systemd says of it, and of a unit without the line."""
    made: list[tuple[str, str, Meant]] = []
    bare = {section: unit(9000 + i, section, "") for i, section in enumerate(["Unit", *BARE])}
    for section, name, shown, how in catalog.rows("properties.tsv"):
        place = "Service" if section == "*" else section
        row = catalog.lookup(place, name)
        if row and row.since <= version and (row.until is None or version < row.until):
            for value in values(place, name, how, version):
                made.append((unit(len(made), place, f"{name}={value}\n"), place, Meant(name, shown, how, value)))
    LIVE.do("daemon-reload")
    names = [name for name, _, _ in made]
    asked = list(dict.fromkeys(one.property for _, _, one in made))
    shown = LIVE.shown([*names, *bare.values()], ["LoadState", *asked])
    loaded = [
        (shown[name], shown[bare[place]], one) for name, place, one in made if shown[name]["LoadState"] == "loaded"
    ]
    return {
        "units": len(loaded),
        "wrong": [(*one, row[one.property]) for row, _, one in loaded if one.property in row and not agrees(one, row)],
        "absent": sorted({one.directive for row, _, one in loaded if one.property not in row}),
        "told": sorted({one.directive for _, plain, one in loaded if not agrees(one, plain)}),
    }


def agrees(one: Meant, row: dict[str, str]) -> bool:
    return properties.agrees(one.how, one.value, row.get(one.property, one.value))


def real() -> dict[str, object]:
    """The machine's own units, as if they were ours."""
    kinds = ("service", "socket", "timer", "path", "target", "slice")
    files = [f for kind in kinds for f in Path("/usr/lib/systemd/system").glob(f"*.{kind}")]
    found, lines, units = [], 0, 0
    batch: dict[str, tuple[Meant, ...]] = {}
    for number, file in enumerate(f for f in files if not f.is_symlink() and "@" not in f.name):
        name = f"z{number}-{file.name}"
        data = file.read_bytes()
        Path(FOLDER, name).write_bytes(data)
        batch[name] = meant(parser.parse(data, name, f"{FOLDER}/{name}").unit, FOLDER, [name])
    LIVE.do("daemon-reload")
    for first in range(0, len(batch), 64):
        part = dict(list(batch.items())[first : first + 64])
        plan = Plan("system", FOLDER, files=tuple(Op(name, None, "") for name in part), meant=part)
        seen = force.seen(plan, list(part), LIVE)
        found += [str(one) for one in force.contradictions(plan, seen, LIVE)]
        units += sum(row["LoadState"] == "loaded" for row in seen.values())
        lines += sum(map(len, part.values()))
    return {"units": units, "lines": lines, "wrong": found}


if __name__ == "__main__":
    print(json.dumps({"rows": rows(int(sys.argv[1])), "real": real()}))  # noqa: T201
