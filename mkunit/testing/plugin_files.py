"""A project's rendered files, each against the snapshot of its own name: what a reviewer reads is unit files."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mkunit.errors import MkunitError
from mkunit.model.name import KINDS
from mkunit.model.unit import SCOPES, UnitFile, shown
from mkunit.reporter import plain
from mkunit.testing.plugin_units import Project, hosts, project

FOLDER = "__snapshots__"


class Case(NamedTuple):
    """A file that the units make, a snapshot that no unit makes any more, or what keeps the units from being built."""

    id: str  # the snapshot's path below its folder
    place: Path
    host: str | None = None
    file: UnitFile | None = None
    error: str | None = None


def cases(config: pytest.Config, test: Path) -> list[Case]:
    """All files of the project that a test's file lies in, and the snapshots beside the test that are left over."""
    folder = test.parent / FOLDER
    try:
        found = _made(project(config, test), hosts(test), folder)
    except MkunitError as error:
        return [Case("units", folder, error=str(error))]
    return found + _left(folder, found)


def _made(project: Project, hosts: tuple[str, ...], folder: Path) -> list[Case]:
    found = []
    for host in hosts or (None,):
        for file in project.built(host).files:
            name = "/".join(filter(None, (host, file.scope, file.path)))
            found.append(Case(name, folder / name, host, file))
    return found


def _left(folder: Path, made: list[Case]) -> list[Case]:
    """The snapshots that no unit makes; files of other tests lie in no scope's folder, or are no unit files."""
    known = {case.place for case in made}
    files = (file for file in sorted(folder.rglob("*")) if file not in known and _is_ours(file.relative_to(folder)))
    return [Case(file.relative_to(folder).as_posix(), file) for file in files if file.is_file()]


def _is_ours(path: Path) -> bool:
    parts = path.parts
    at = next((i for i, part in enumerate(parts[:2]) if part in SCOPES), None)
    if at is None:
        return False
    inner = parts[at + 1 :]
    is_dropin = len(inner) == 2 and inner[0].endswith(".d") and path.suffix == ".conf"
    return is_dropin or (len(inner) == 1 and path.suffix[1:] in KINDS)


class File:
    """A rendered file: its text, and the snapshot that it is to be the same as."""

    def __init__(self, case: Case, request: pytest.FixtureRequest) -> None:
        self._case = case
        self._request = request

    def __repr__(self) -> str:
        return f"<{self._case.id}>"

    @property
    def text(self) -> str:
        """What stands in the file; the test fails where no unit makes it."""
        return _shown(self._made)

    @property
    def path(self) -> str:
        """Its path in a unit folder, such as `api.socket`."""
        return self._made.path

    @property
    def scope(self) -> str:
        return self._made.scope

    @property
    def host(self) -> str | None:
        return self._case.host

    @property
    def _made(self) -> UnitFile:
        __tracebackhide__ = True
        if self._case.file is None:
            pytest.fail(self._case.error or f"no unit makes {self._case.id} any more", pytrace=False)
        return self._case.file

    def assert_snapshot(self) -> None:
        """Fail where the file is not what was last agreed to, and say how to agree to it."""
        __tracebackhide__ = True
        if self._case.error:
            pytest.fail(self._case.error, pytrace=False)
        snapshots = _syrupy(self._request)
        if self._case.file is None:
            self._left_over()
            return
        from mkunit.testing.plugin_snapshots import UnitFileExtension

        if snapshots(extension_class=UnitFileExtension) != _shown(self._case.file):
            pytest.fail(self._difference(_shown(self._case.file)), pytrace=False)

    def _difference(self, text: str) -> str:
        place, name = self._case.place, f"{FOLDER}/{self._case.id}"
        before = place.read_text(encoding="utf-8", errors="replace") if place.exists() else None
        what = "is new: no snapshot has been agreed to" if before is None else "is not what was agreed to"
        source = self._case.file.source if self._case.file else None
        made = f" (from {source})" if source else ""
        return f"{self._case.id}{made} {what}\n\n{plain.diff(name, before, text)}\n{self._hint('accept it')}"

    def _left_over(self) -> None:
        __tracebackhide__ = True
        if self._request.config.getoption("update_snapshots"):
            self._case.place.unlink()
            return
        pytest.fail(
            f"no unit makes {self._case.id} any more, and its snapshot is unused\n{self._hint('remove it')}",
            pytrace=False,
        )

    def _hint(self, what: str) -> str:
        path, here = self._request.path, Path.cwd()
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        return f"to {what}, run: pytest {shown} --snapshot-update"


def _shown(file: UnitFile) -> str:
    """What a snapshot has of a file: its text, or that it masks its unit."""
    return shown(file.text) or ""


def _syrupy(request: pytest.FixtureRequest) -> Callable[..., object]:
    """syrupy's own fixture, whose type is only there where syrupy is."""
    __tracebackhide__ = True
    if not request.config.pluginmanager.hasplugin("syrupy"):
        pytest.fail("snapshots need syrupy, which is not there: pip install 'mkunit[test]'", pytrace=False)
    found: Callable[..., object] = request.getfixturevalue("snapshot")
    return found
