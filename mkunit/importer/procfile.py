"""A Procfile to services, and a target that starts and stops them together."""

import re
from pathlib import PurePath
from typing import NamedTuple

from mkunit.dsl.build import build
from mkunit.errors import Diagnostic, DirectiveError, Origin, Severity
from mkunit.importer import jobs
from mkunit.importer.sheet import Sheet, python
from mkunit.model.unit import Unit

_PROCESS = re.compile(r"([A-Za-z0-9_-]+):\s*(.+)")
_FIRST_PORT, _NEXT_PORT = 5000, 100  # as foreman has it


class Procfile(NamedTuple):
    """A Procfile's text, where it is, the folder that its commands run in, and whether a `.env` is there."""

    text: str
    path: str
    folder: PurePath
    has_env: bool = False
    scope: str = "system"


def read(procfile: Procfile) -> tuple[list[Sheet], list[Diagnostic]]:
    """A service for each process, with the port that foreman would give it; all of them are parts of a target."""
    app = re.sub(r"[^A-Za-z0-9_.-]+", "-", procfile.folder.name).strip("-.") or "app"
    head = Origin(procfile.path, 1)
    units: list[Unit] = []
    places: list[Origin] = []
    remarks: list[tuple[str, ...]] = []
    comments: list[str] = []
    try:
        for number, line in enumerate(procfile.text.split("\n"), 1):
            text, place = line.strip(), Origin(procfile.path, number)
            if found := _PROCESS.fullmatch(text):
                units.append(_service(app, found[1], found[2], len(units), procfile))
                places.append(place)
                remarks.append(tuple(comments))
                comments.clear()
            elif text.startswith("#"):
                comments.append(python(text))
            elif text:
                raise jobs.refused("bad-procfile", f"`{text[:60]}` is no process", place, "write `web: COMMAND`")
        if not units:
            raise jobs.refused("bad-procfile", "there is no process in it", head, "write `web: COMMAND`")
        units.append(build("target", app, {"wants": [unit.name for unit in units], "scope": procfile.scope}))
    except DirectiveError as error:
        raise jobs.at(error, head) from None
    notes = [_as_root(head)] if procfile.scope == "system" else []
    return jobs.sheets(units, [*places, head], [*remarks, tuple(comments)]), notes


def _service(app: str, name: str, command: str, place: int, procfile: Procfile) -> Unit:
    options: dict[str, object] = {
        "part_of": f"{app}.target",
        "working_directory": procfile.folder,
        "environment": {"PORT": str(_FIRST_PORT + place * _NEXT_PORT)},
        "exec_start": jobs.run(jobs.replaced(command)),
        "restart": "always",
        "wanted_by": [],  # the target wants it
        "scope": procfile.scope,
    }
    if procfile.has_env:
        options["environment_file"] = procfile.folder / ".env"
    return build("service", f"{app}-{name}", options)


def _as_root(place: Origin) -> Diagnostic:
    hint = "give each service `user=`, or import with `--user`"
    return Diagnostic(
        "runs-as-root", "a Procfile names no user: the services run as root", hint, place, Severity.WARNING
    )
