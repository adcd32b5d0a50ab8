"""`mkunit explain UNIT`: an installed unit, one of the project, or a file, by what it does rather than by its lines."""

import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from mkunit.cli import validate
from mkunit.cli.folder import folder
from mkunit.cli.subjects import FILE, INSTALLED, PROJECT, Subject
from mkunit.cli.ui import Ui
from mkunit.pipeline import explained
from mkunit.pipeline.explained import Explained
from mkunit.reporter import explain as report
from mkunit.reporter import times
from mkunit.reporter.clean import printable
from mkunit.reporter.explain import Fact
from mkunit.system.accounts import LocalAccounts


def run(subject: Subject, given: Namespace, ui: Ui) -> int:
    """Everything that is known of one unit."""
    found = _explained(subject, given)
    if ui.json:
        ui.document(document(subject, found))
        return 0
    title = f"{found.unit.name}, {subject.place}" + (", in your own systemd" if found.unit.scope == "user" else "")
    head = [
        Fact("about", (found.unit.directive("Description") or "",)),
        Fact("files" if len(subject.files) > 1 else "file", subject.files),
        Fact("made from", (_source(subject),)),
    ]
    show(title, head, subject, found, ui)
    return 0


def _explained(subject: Subject, given: Namespace) -> Explained:
    systemd = given.systemd or validate.wanted(folder(given))
    origin = str(subject.unit.origin) if subject.unit.origin else None
    return explained.explain(subject.unit, subject.around, LocalAccounts(subject.machine), systemd, origin)


def append(subject: Subject, given: Namespace, ui: Ui) -> None:
    """What a file does, below its lines."""
    parts = facts(subject, _explained(subject, given))
    if ui.rich and sys.stdout.isatty():
        report.paint_facts("\nwhat it comes to", (), ui.color)
        report.paint_parts(parts, ui.color)
    else:
        ui.data("\n" + report.facts("what it comes to", parts))


def more(subject: Subject, given: Namespace) -> dict[str, object]:
    """The same as JSON has it."""
    return document(subject, _explained(subject, given))


def show(title: str, head: Sequence[Fact], subject: Subject, found: Explained, ui: Ui) -> None:
    """The unit under its title: settings with their places first, then the rest."""
    short = _short(subject)
    rows = [(one.section, f"{one.name}={one.value}", _place(one.place, short)) for one in found.settings]
    rows = [(section, text, place or "systemd's default") for section, text, place in rows]
    before = _safe(head)
    if ui.rich and sys.stdout.isatty():
        report.paint_facts(title, before, ui.color)
        report.paint_settings(rows, ui.color)
        report.paint_parts(facts(subject, found), ui.color)
    else:
        ui.data(report.facts(title, before) + report.settings(rows) + "\n" + report.facts("", facts(subject, found)))


def _short(subject: Subject) -> dict[str, str]:
    """Files by their names alone, as long as no two have the same."""
    names = [Path(path).name for path in subject.files]
    return {path: Path(path).name for path in subject.files if names.count(Path(path).name) == 1}


def _place(place: str, short: dict[str, str]) -> str:
    path, colon, line = place.rpartition(":")
    return f"{short.get(path, path)}{colon}{line}" if colon else short.get(place, place)


def _source(subject: Subject) -> str:
    return subject.source if subject.place == INSTALLED else ""


def facts(subject: Subject, found: Explained) -> list[Fact]:
    """Who can connect, when and why it runs, what happens when it ends; no word without a value."""
    parts = [
        Fact("who can connect", tuple(_reach(found))),
        Fact("next runs", (*_upcoming(found), *found.runs)),
        Fact("when", found.when),
        Fact("why it runs" if subject.place == INSTALLED else "why it will run", tuple(_causes(subject, found))),
        Fact("when it ends", found.ends),
        Fact("sandbox", (_sandbox(subject),)),
    ]
    return _safe(parts)


def _safe(parts: Sequence[Fact]) -> list[Fact]:
    """Those that say something, as a terminal may be shown them."""
    kept = (Fact(fact.word, tuple(map(printable, filter(None, fact.values)))) for fact in parts)
    return [fact for fact in kept if fact.values]


def _reach(found: Explained) -> Iterator[str]:
    for one in found.reach:
        whose = f" of {one.socket}" if one.socket != found.unit.name else ""
        yield f"{one.address} ({one.sort}){whose}"
        yield from (f"  {line}" for line in one.who)


def _upcoming(found: Explained) -> Iterator[str]:
    """What systemd says itself, where that is something else than the calendar."""
    if found.upcoming and not (found.runs and found.runs[0].startswith(times.whole(found.upcoming))):
        yield f"{times.whole(found.upcoming)}, {times.far(found.upcoming - time.time())}, as systemd has planned it"


def _causes(subject: Subject, found: Explained) -> Iterator[str]:
    """What starts it, the boot's ways one by one; of the others only who they are, where there are such ways."""
    boot = [way for way in found.ways if way.boot]
    yield from (way.text for way in boot or found.ways)
    if boot and (others := [way.pulls[0].source for way in found.ways if not way.boot]):
        yield f"and it is started with {', '.join(others)}"
    if subject.unit.kind in ("slice", "scope", "device") or found.ways:
        return
    targets = [
        word for name in ("WantedBy", "RequiredBy") for value in found.unit.values(name) for word in value.split()
    ]
    flag = " --user" if found.unit.scope == "user" else ""
    if targets and not subject.enabled:
        yield f"nothing starts it: `systemctl{flag} enable {found.unit.name}` would, with {' and '.join(targets)}"
    else:
        yield f"nothing starts it but a person: `systemctl{flag} start {found.unit.name}`"


def _sandbox(subject: Subject) -> str:
    """Who rates it: systemd what it has read, or a file that it has not, and mkunit what is yet to be."""
    unit = subject.unit
    if unit.kind != "service":
        return ""
    if subject.place == PROJECT:
        return f"`mkunit security {unit.name.removesuffix('.service')}` rates it"
    flags = " --user" if unit.scope == "user" else ""
    if subject.place == FILE:
        return f"`systemd-analyze{flags} security --offline=yes {subject.files[0]}` rates it"
    return f"`systemd-analyze{flags} security {unit.name}` rates it"


def document(subject: Subject, found: Explained) -> dict[str, object]:
    """A unit as JSON has it."""
    return {
        "unit": found.unit.name,
        "scope": found.unit.scope,
        "place": subject.place,
        "description": found.unit.directive("Description"),
        "source": subject.source or None,
        "files": list(subject.files),
        "settings": [{**one._asdict(), "default": one.path is None} for one in found.settings],
        "reach": [{**one._asdict(), "who": list(one.who)} for one in found.reach],
        "runs": list(found.runs),
        "next": times.iso(found.upcoming),
        "when": list(found.when),
        "causes": [
            {"pulls": [pull._asdict() for pull in way.pulls], "boot": way.boot, "text": way.text} for way in found.ways
        ],
        "enabled": subject.enabled,
        "ends": list(found.ends),
    }
