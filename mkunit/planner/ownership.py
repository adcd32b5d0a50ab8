"""Which files and links an apply writes, and which it must not: foreign, drifted, or in an unsafe place."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from attrs import Factory, define

from mkunit.errors import Diagnostic, Origin, Severity
from mkunit.model.plan import Found, Generation, Op, Piece, Snapshot
from mkunit.model.unit import MASK


class Leave(NamedTuple):
    """What the user has allowed beyond the rules."""

    adopt: frozenset[str] = frozenset()  # foreign files to take over
    overwrite_drift: bool = False
    enable: frozenset[str] = frozenset()  # units whose links are made though somebody took them away
    only: frozenset[str] | None = None  # the units that are looked at; None for all


STRICTLY = Leave()
DRIFTED = " (changed by others)"  # after the path of a copy; no unit file is named so


@define
class Files:
    """What becomes of the files and links, and what stands against it."""

    files: list[Op] = Factory(list)
    links: list[Op] = Factory(list)
    refusals: list[Diagnostic] = Factory(list)
    notes: list[Diagnostic] = Factory(list)
    saved: dict[str, str] = Factory(dict)  # what is overwritten although we did not write it


def files(wanted: Generation, snapshot: Snapshot, leave: Leave) -> Files:
    """Compare what is wanted with what is there and with what we own."""
    # Copies of what others changed are kept by one generation, originals as long as their place is ours.
    found = Files(saved={path: text for path, text in snapshot.owned.saved.items() if not path.endswith(DRIFTED)})
    owned, wants = snapshot.owned.by_path, wanted.by_path
    for piece in wanted.pieces:
        if leave.only is None or piece.unit in leave.only:
            _put(found, piece, owned.get(piece.path), snapshot, leave)
    for piece in snapshot.owned.pieces:
        if piece.path not in wants and (leave.only is None or piece.unit in leave.only):
            _take(found, piece, snapshot, leave)
    _links(found, wanted, snapshot, leave)
    return found


def _refuse(found: Files, code: str, message: str, hint: str | None, place: str, unit: str) -> None:
    found.refusals.append(Diagnostic(code, message, hint, Origin(place), unit=unit))


def _note(found: Files, code: str, message: str, hint: str | None, place: str, unit: str) -> None:
    found.notes.append(Diagnostic(code, message, hint, Origin(place), Severity.WARNING, unit))


def _put(found: Files, piece: Piece, record: Piece | None, snapshot: Snapshot, leave: Leave) -> None:
    there, place = snapshot.at(piece.path), f"{snapshot.folder}/{piece.path}"
    if _blocked(found, piece, record, there, snapshot):
        return
    if there.kind == "absent" or there.text == piece.text:
        if there.kind == "absent":
            found.files.append(Op(piece.path, None, piece.text))
        return
    if record is None and piece.path not in leave.adopt:
        hint = f"move it away, or take it over with `--adopt {piece.path}`: the original is kept"
        _refuse(found, "foreign-file", "was not made by mkunit and would be overwritten", hint, place, piece.unit)
        return
    if record is not None and there.text != record.text and not leave.overwrite_drift:
        _drifted(found, piece, place)
        return
    if record is None:
        found.saved.setdefault(piece.path, there.text or "")
    elif there.text != record.text:
        found.saved[f"{piece.path}{DRIFTED}"] = there.text or ""
    found.files.append(Op(piece.path, there.text, piece.text))


def _drifted(found: Files, piece: Piece, place: str) -> None:
    hint = "put the change into the units file, or lose it with `--overwrite-drift`: a copy is kept"
    _refuse(found, "drift", "was changed by somebody else since mkunit wrote it", hint, place, piece.unit)


def _blocked(found: Files, piece: Piece, record: Piece | None, there: Found, snapshot: Snapshot) -> bool:
    """Whether nothing may be written there, whatever the user allows."""
    place = f"{snapshot.folder}/{piece.path}"
    if (project := snapshot.claims.get(piece.path)) is not None:
        hint = f"remove it from one of them: `mkunit history` in `{project}` tells about the other"
        _refuse(found, "claimed", f"belongs to another project, `{project}`", hint, place, piece.unit)
    elif there.kind == "link" and not _may_mask(piece, record, there):
        mask = there.text == "/dev/null"
        message = "is masked by the administrator" if mask else f"is a link to {there.text}"
        hint = f"`systemctl unmask {piece.unit}` takes the mask away" if mask else "remove it, if it is not needed"
        _refuse(found, "masked-unit" if mask else "foreign-file", message, hint, place, piece.unit)
    elif there.kind == "other":
        _refuse(found, "foreign-file", "is no regular file", "remove it, if it is not needed", place, piece.unit)
    elif why := next((snapshot.unsafe[path] for path in _parents(piece.path) if path in snapshot.unsafe), None):
        hint = "give it to yourself, and take away the others' right to write"
        _refuse(found, "unsafe-folder", why, hint, place, piece.unit)
    else:
        if hidden := snapshot.shadows.get(piece.path):
            hint = f"remove {hidden}, or nothing here takes effect"
            _note(found, "shadowed", f"{hidden} is stronger, and hides it", hint, place, piece.unit)
        return False
    return True


def _may_mask(piece: Piece, record: Piece | None, there: Found) -> bool:
    """Whether a mask is one of ours, or the same as one that is wanted."""
    return there.text == MASK and (piece.is_mask or (record is not None and record.is_mask))


def _parents(path: str) -> Iterator[str]:
    """The folders of a path within the unit folder; the unit folder itself is the empty path."""
    yield ""
    parts = path.split("/")[:-1]
    yield from ("/".join(parts[: i + 1]) for i in range(len(parts)))


def _take(found: Files, piece: Piece, snapshot: Snapshot, leave: Leave) -> None:
    there, place = snapshot.at(piece.path), f"{snapshot.folder}/{piece.path}"
    if there.kind == "absent":
        return
    if there.kind != "file" and not (piece.is_mask and there.text == MASK):
        _refuse(found, "drift", "is no longer the file that mkunit wrote", "remove it yourself", place, piece.unit)
    elif there.text != piece.text and not leave.overwrite_drift:
        _drifted(found, piece, place)
    else:
        if there.text != piece.text:
            found.saved[f"{piece.path}{DRIFTED}"] = there.text or ""
        original = found.saved.pop(piece.path, None)
        found.files.append(Op(piece.path, there.text, original))


def _links(found: Files, wanted: Generation, snapshot: Snapshot, leave: Leave) -> None:
    """Enablement: links of ours come and go, those that the administrator took away stay away."""
    owned = snapshot.owned.links
    for piece in wanted.pieces:
        if leave.only is None or piece.unit in leave.only:
            for path, target in piece.links:
                _link(found, piece, path, target, path in owned, snapshot, leave)
    kept = wanted.links
    for piece in snapshot.owned.pieces:
        if leave.only is None or piece.unit in leave.only:
            for path, target in piece.links:
                there = snapshot.at(path)
                if path not in kept and there.kind == "link" and _name(there.text) == _name(target):
                    found.links.append(Op(path, there.text, None))


def _link(found: Files, piece: Piece, path: str, target: str, is_owned: bool, snapshot: Snapshot, leave: Leave) -> None:
    there, place = snapshot.at(path), f"{snapshot.folder}/{path}"
    if there.kind == "absent":
        if is_owned and snapshot.at(piece.path).kind == "file" and not _insists(piece, leave):
            message = f"`{piece.unit}` was disabled by the administrator, and stays so"
            hint = f"`systemctl enable {piece.unit}` enables it again, and so does `--overwrite-drift`"
            _note(found, "disabled", message, hint, place, piece.unit)
        else:
            found.links.append(Op(path, None, target))
    elif there.kind != "link" or _name(there.text) != _name(target):
        what = f"is a link to {there.text}" if there.kind == "link" else "is no link"
        _refuse(found, "foreign-file", f"{what}, where `{piece.unit}` needs its own", "remove it", place, piece.unit)


def _insists(piece: Piece, leave: Leave) -> bool:
    return leave.overwrite_drift or piece.unit in leave.enable


def _name(target: str | None) -> str:
    return (target or "").rpartition("/")[2]


def touched(ops: Collection[Op], wanted: Generation, owned: Generation) -> dict[str, list[Op]]:
    """The operations on files by the unit that they are about."""
    units = {piece.path: piece.unit for piece in (*owned.pieces, *wanted.pieces)}
    found: dict[str, list[Op]] = {}
    for op in ops:
        found.setdefault(units[op.path], []).append(op)
    return found
