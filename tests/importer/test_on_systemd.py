"""systemd itself as the judge: what `systemctl show` says of a unit, and of what became of it on its way through Python."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from importer_corpus import scope, sheets, unit_files

from mkunit import importer, parser
from mkunit.importer import proof
from mkunit.renderer import text
from mkunit.testing.machine import Machine

FOLDER = "/etc/systemd/system"
WORDS = re.compile(
    r"(Required|Wanted|Upheld|Triggered|Bound|Consists|Conflicted)By|Requires|Requisite|Wants|Upholds|BindsTo|PartOf"
    r"|Conflicts|Before|After|Triggers|Propagates\w+|OnFailure\w*|OnSuccess\w*|Names|SliceOf|JoinsNamespaceOf|\w+MountsFor"
)


def files() -> Iterator[tuple[str, str, str, list[str]]]:
    """Units of the system, one of each name: path in a unit folder, text as it was, text as it became, what to show."""
    done: set[str] = set()
    for file in unit_files():
        if scope(file) == "user" or file.suffix == ".conf" or file.name in done:
            continue
        done.add(file.name)
        found = sheets(file)
        units = proof.again(importer.convert(found, "system", "x.").text, "system")
        became = {unit.path: text(unit) for unit in units}
        beside = parser.load(file, str(file), 0).files
        for sheet, parsed in zip(found, beside, strict=True):
            before = "\n".join(parsed.lines) + "\n"
            shown = file.name.replace("@.", "@one.")
            yield sheet.unit.path, before, became[sheet.unit.path], [shown]


def show(machine: Machine, texts: Mapping[str, str], units: list[str]) -> dict[str, dict[str, str]]:
    """All properties of units, whose files have these texts."""
    for path, content in texts.items():
        place = machine.path(f"{FOLDER}/{path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
    machine.run("systemctl", "daemon-reload")
    printed = machine.run("systemctl", "show", "--all", "--", *units).stdout
    found: dict[str, dict[str, str]] = {}
    for block in printed.split("\n\n"):
        properties: dict[str, str] = {}
        for line in block.splitlines():
            name, _, value = line.partition("=")
            value = " ".join(sorted(value.split())) if WORDS.fullmatch(name) else value
            properties[name] = f"{properties[name]}\n{value}" if name in properties else value
        found[properties["Id"]] = properties
    return found


def test_systemd_shows_the_same(machine: Machine) -> None:
    """Each property of each unit; what changes from one look to the next by itself does not count."""
    found = list(files())
    units = sorted({unit for *_, shown in found for unit in shown})
    before = {path: text for path, text, _, _ in found}
    first, second = show(machine, before, units), show(machine, before, units)
    after = show(machine, {path: text for path, _, text, _ in found}, units)
    assert first and first.keys() == after.keys()
    different = [
        f"{unit}: {name}: {first[unit].get(name)!r} became {after[unit].get(name)!r}"
        for unit, properties in after.items()
        for name in properties | first[unit]
        if first[unit].get(name) == second[unit].get(name) != after[unit].get(name)
    ]
    assert different == []
    assert sum(properties["LoadState"] == "loaded" for properties in after.values()) > 0.9 * len(units)


def test_machine_has_the_files(machine: Machine) -> None:
    """The judge was asked about our files, and not about those of /usr."""
    fragment = machine.show("dbus.service", "FragmentPath")["FragmentPath"]
    assert Path(fragment).parent == Path(FOLDER)


def test_the_judge_sees_what_differs(machine: Machine) -> None:
    """A word of a command, a limit and a dependency: each shows."""
    lines = ["[Unit]", "After=a.target", "[Service]", "ExecStart=/bin/true 'a  b'", "MemoryMax=1G"]
    before = show(machine, {"judged.service": "\n".join(lines)}, ["judged.service"])["judged.service"]
    for name, line in {
        "After": "After=b.target",
        "ExecStart": "ExecStart=/bin/true 'a b'",
        "MemoryMax": "MemoryMax=2G",
    }.items():
        changed = [line if old.startswith(f"{name}=") else old for old in lines]
        after = show(machine, {"judged.service": "\n".join(changed)}, ["judged.service"])["judged.service"]
        assert before[name] != after[name]
