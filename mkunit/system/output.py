"""The build folder: which of its files are mkunit's, what a build would change there, and the change itself."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import frozen

from mkunit.errors import Diagnostic, Origin, RefusedError
from mkunit.model.unit import MASK, UnitFile, header
from mkunit.system.files import Changes, is_mask, prune, read, text

MANIFEST = ".mkunit.json"


@frozen
class Change:
    """What a build does to one file: `new`, `changed`, `unchanged` or `removed`."""

    kind: str
    place: Path
    name: str
    scope: str
    host: str | None
    source: str | None
    before: str | None
    after: str | None


@frozen
class Owned:
    """A file that an earlier build made."""

    name: str
    scope: str
    host: str | None
    source: str | None
    project: str | None = None  # None for those of the project that the build folder is in


def folder(output: Path, scope: str, host: str | None) -> Path:
    """Where the files of a scope go; `host` is None unless all hosts are built."""
    return (output / host if host else output) / scope


def _manifest(output: Path) -> dict[str, Owned]:
    try:
        known = read(output / MANIFEST)
        found = json.loads(known or "{}").get("files", {})
        return {
            path: Owned(row["name"], row["scope"], row["host"], row["source"], row.get("project"))
            for path, row in found.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        hint = f"remove {MANIFEST}, and whatever else mkunit made there, and build again"
        raise RefusedError(
            Diagnostic("bad-manifest", "is not what mkunit wrote", hint, Origin(str(output / MANIFEST)))
        ) from None


def compare(output: Path, files: Iterable[UnitFile], stale: "Stale", project: str | None = None) -> tuple[Change, ...]:
    """What writing these files would change; RefusedError where one is in the way that this project did not make."""
    owned, found, foreign = _manifest(output), [], []
    wanted: dict[str, UnitFile] = {}
    for file in files:
        place = folder(output, file.scope, file.host) / file.path
        key = place.relative_to(output).as_posix()
        wanted[key] = file
        before = text(place)
        if wrong := _in_the_way(key, place, before, file, owned, project):
            foreign.append(wrong)
        kind = "new" if before is None else "unchanged" if before == file.text else "changed"
        found.append(Change(kind, place, file.name, file.scope, file.host, file.source, before, file.text))
    if foreign:
        raise RefusedError(*foreign)
    for key, row in owned.items():
        place, answers = output / key, row.project == project and stale(row)
        if key not in wanted and answers and _inside(output, place):
            there = text(place)
            if there is not None and (there == MASK or _has_header(there, row.source)):
                found.append(Change("removed", place, row.name, row.scope, row.host, row.source, there, None))
    return tuple(sorted(found, key=lambda change: str(change.place)))


class Stale:
    """Which of the files of earlier builds this build answers for: those of its hosts, and of its units files."""

    def __init__(self, hosts: frozenset[str | None], sources: frozenset[str] | None) -> None:
        self.hosts, self.sources = hosts, sources

    def __call__(self, row: Owned) -> bool:
        return row.host in self.hosts and (self.sources is None or row.source in self.sources)


def _in_the_way(
    key: str, place: Path, before: str | None, file: UnitFile, owned: Mapping[str, Owned], project: str | None
) -> Diagnostic | None:
    """What stands against writing a file; None where it is this project's, or nothing is there."""
    if not (place.is_symlink() or place.exists()):
        return None
    if key in owned and owned[key].project != project:
        return _claimed(place, owned[key].project)
    if before == file.text:
        return None
    is_ours = before is not None and (key in owned or _has_header(before, file.source))
    return None if is_ours else _foreign(place)


def _has_header(text: str, source: str | None) -> bool:
    return text.startswith(f"{header(source)}\n")


def _inside(output: Path, place: Path) -> bool:
    return output.resolve() in (place.parent.resolve() / place.name).parents


def _foreign(place: Path) -> Diagnostic:
    hint = "move it away, or build into another folder with `--output`"
    return Diagnostic("foreign-file", "was not made by mkunit and would be overwritten", hint, Origin(str(place)))


def _claimed(place: Path, project: str | None) -> Diagnostic:
    whose = f"another project, `{project}`" if project else "the project that this folder is in"
    hint = "give one of the units another name, or build into another folder with `--output`"
    return Diagnostic("claimed", f"belongs to {whose}", hint, Origin(str(place)))


def write(output: Path, changes: Iterable[Change], project: str | None = None) -> None:
    """Make the changes, all or none; files that stay the same are not touched."""
    changes = tuple(changes)
    transaction = Changes(durable=False)
    try:
        for change in changes:
            if change.kind in ("new", "changed") and change.after is not None:
                transaction.write(change.place, change.after)
            elif change.kind == "removed":
                transaction.remove(change.place)
        _record(output, changes, transaction, project)
    except BaseException:
        transaction.discard()
        raise
    transaction.commit()
    for change in changes:
        if change.kind == "removed":
            prune(change.place.parent, output)


def _record(output: Path, changes: Iterable[Change], transaction: Changes, project: str | None) -> None:
    # Of a file that is gone nothing is owned: what is at its place some day is somebody else's.
    owned = {key: row for key, row in _manifest(output).items() if (output / key).is_file() or is_mask(output / key)}
    for change in changes:
        key = change.place.relative_to(output).as_posix()
        owned.pop(key, None)
        if change.kind != "removed":
            owned[key] = Owned(change.name, change.scope, change.host, change.source, project)
    rows = {path: _row(row) for path, row in sorted(owned.items())}
    text = json.dumps({"files": rows}, indent=1) + "\n"
    if text != read(output / MANIFEST):
        transaction.write(output / MANIFEST, text)


def _row(row: Owned) -> dict[str, str | None]:
    found = {"name": row.name, "scope": row.scope, "host": row.host, "source": row.source}
    return found | ({"project": row.project} if row.project else {})
