"""Units of this machine by the names that people use: without a suffix, and in whichever scope they are."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mkunit import catalog, parser
from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, NoSuchUnitError, near
from mkunit.model.name import KINDS, escape_path, is_name
from mkunit.system.local import Local


class Found(NamedTuple):
    """A unit, its manager, its file, and the folders that the manager reads."""

    name: str
    machine: Local
    file: Path
    folders: tuple[Path, ...]


def arguments(parser: ArgumentParser) -> None:
    """The flags that name a scope."""
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--system", dest="scope", action="store_const", const="system", help="a unit of the system")
    scopes.add_argument("--user", dest="scope", action="store_const", const="user", help="a unit of your own")
    scopes.add_argument("--for-user", metavar="USER", help="as root: a unit of another user, with that user's rights")


def find(name: str, scope: str | None, ui: Ui) -> Found:
    """The unit that is meant; what lies in one's own folder is meant first. NoSuchUnitError where there is none."""
    found = [one for one in _candidates(name, scope) if one]
    own = [one for one in found if one.machine.folder in one.file.parents and one.machine.scope == "user"]
    best = next(iter(own or found), None)
    if best is None:
        raise _none(name, scope)
    if own and len(found) > 1:
        ui.say(f"`{best.name}` of your own; the system has one, too: `--system` shows that")
    return best


def _candidates(name: str, scope: str | None) -> Iterator[Found]:
    for one in [scope] if scope else ["system", "user"]:
        machine = Local(one)
        folders = folders_of(machine)
        for full in names(name):
            if file := parser.find(full, folders):
                yield Found(full, machine, file, folders)
                break


def folders_of(machine: Local) -> tuple[Path, ...]:
    """Every folder that a manager reads units from, strongest first."""
    return tuple(dict.fromkeys([machine.folder, *machine.search_path()]))


def names(name: str) -> list[str]:
    """The full names that may be meant, likeliest first; a path is that of a mount."""
    if name.startswith("/") and ".." not in name.split("/"):
        return [f"{escape_path(name)}.{kind}" for kind in ("mount", "automount", "swap")]
    if name.rpartition(".")[2] in KINDS and is_name(name):
        return [name]
    return [full for kind in catalog.kinds() if is_name(full := f"{name}.{kind}")]


def known(folders: tuple[Path, ...]) -> list[str]:
    """The names of all units that have a file in folders."""
    kinds = {f".{kind}" for kind in catalog.kinds()}
    return sorted(
        {file.name for folder in folders if folder.is_dir() for file in folder.iterdir() if file.suffix in kinds}
    )


def _none(name: str, scope: str | None) -> NoSuchUnitError:
    every = [unit for one in ([scope] if scope else ["user", "system"]) for unit in known(folders_of(Local(one)))]
    words = every if "." in name else [unit.rpartition(".")[0] for unit in every]
    meant = near(name, words)
    where = {"user": "of your own", "system": "of the system"}.get(
        scope or "", "here, neither of the system nor your own"
    )
    hint = f"did you mean `{meant}`?" if meant else "`systemctl list-unit-files` shows what there is"
    return NoSuchUnitError(Diagnostic("no-such-unit", f"there is no unit `{name}` {where}", hint, unit=name))
