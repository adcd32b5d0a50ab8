"""A project's units as tests see them: loaded once in a run of pytest, and looked at by name and keyword."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from attrs import evolve

from mkunit import catalog
from mkunit.catalog.spec import Many
from mkunit.catalog.values.words import ESCAPED, WordError
from mkunit.errors import Diagnostic, MkunitError, Severity, near
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit, UnitFile
from mkunit.pipeline import Built
from mkunit.pipeline.project import build, units_files
from mkunit.settings import Settings, find

Value = str | None | tuple[str, ...] | dict[str, str]


class Seen:
    """One unit as it was built: `.directive("User")`, `.listen`, and each directive by its keyword: `.after`."""

    def __init__(self, unit: Unit, file: UnitFile) -> None:
        self.unit = unit
        self.name = unit.name
        self.kind = unit.kind
        self.dropin = unit.dropin  # the file name of a drop-in
        self.scope = file.scope
        self.host = file.host
        self.path = file.path
        self.text = file.text

    def __repr__(self) -> str:
        return f"<{self.path} of {self.scope}>"

    def directive(self, name: str) -> str | None:
        """The last value of a directive as it stands in the file, None where it is not set."""
        return self.unit.directive(name)

    def values(self, name: str) -> tuple[str, ...]:
        """All lines of a directive that are in effect."""
        return self.unit.values(name)

    @property
    def listen(self) -> tuple[str, ...]:
        """What a socket listens on, in the order of the file descriptors."""
        return tuple(e.value for e in self.unit.entries if e.section == "Socket" and e.name.startswith("Listen"))

    @property
    def activates(self) -> str | None:
        """The unit that a socket, timer, path or automount starts."""
        found = triggered(self.unit)
        return found[0] if found else None

    def __getattr__(self, keyword: str) -> Value:
        """A directive by its keyword: the words of one that is a list, the lines of one that repeats, else the text."""
        place = catalog.keywords(self.unit.kind).get(keyword)
        row = catalog.lookup(*place) if place else None
        if row is None:
            meant = near(keyword, catalog.keywords(self.unit.kind))
            hint = f"; did you mean `{meant}`?" if meant else ""
            raise AttributeError(f"`{keyword}` is no keyword of a {self.unit.kind}{hint}")
        lines = self.unit.values(row.name)
        if row.value == "environ":
            return dict(_assignments(lines))
        if row.many is Many.JOIN:
            return tuple(word for line in lines for word in line.split())
        return lines if row.many is Many.REPEAT else self.unit.directive(row.name)


def _assignments(lines: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for line in lines:
        try:
            words = ESCAPED.split(line)
        except WordError:
            words = []
        for word in words:
            name, _, value = word.partition("=")
            yield name, value.replace("%%", "%")


class Units(Mapping[str, Seen]):
    """The units of a project by name; one that two scopes have is named with its scope: `user/tidy.service`."""

    def __init__(self, settings: Settings, built: Built, host: str | None) -> None:
        self.settings = settings
        self.host = host
        texts = {(file.scope, file.path): file for file in built.files}
        seen = [Seen(unit, texts[unit.scope or "system", unit.path]) for unit in built.graph.units]
        self._seen = {f"{one.scope}/{one.path}": one for one in seen}

    def __repr__(self) -> str:
        return f"<{len(self)} units{f' of {self.host}' if self.host else ''}>"

    def __getitem__(self, name: str) -> Seen:
        found = [one for key, one in self._seen.items() if name in (key, one.path)]
        if len(found) == 1:
            return found[0]
        if found:
            raise KeyError(f"`{name}` is in both scopes: write `system/{name}` or `user/{name}`")
        meant = near(name, [one.path for one in self._seen.values()])
        known = f"did you mean `{meant}`?" if meant else f"there are {', '.join(self._seen)}"
        raise KeyError(f"there is no unit `{name}`; {known}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)

    def findings(self, systemd: int | None = None) -> tuple[Diagnostic, ...]:
        """All that is wrong with the units, for another systemd than the project's if need be."""
        settings = self.settings
        if systemd:
            others = {name: evolve(host, systemd=None) for name, host in settings.hosts.items()}
            settings = evolve(settings, systemd=systemd, hosts=others)
        try:
            return build(settings, units_files(settings, []), {}, self.host).warnings
        except MkunitError as error:
            return error.diagnostics


def assert_valid(units: Units, systemd: int | None = None, *, strict: bool = False) -> None:
    """Fail with what is wrong with units, with `strict` for warnings too; `systemd` is the version that runs them."""
    __tracebackhide__ = True
    found = [one for one in units.findings(systemd) if strict or one.severity is Severity.ERROR]
    if found:
        _fail("\n".join(map(str, found)))


class Project:
    """A project, built at most once for each host."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._built: dict[str | None, Built] = {}

    def built(self, host: str | None) -> Built:
        """The units for a host, whose files are in a folder of its own; MkunitError where they are wrong."""
        if host not in self._built:
            files = units_files(self.settings, [])
            self._built[host] = build(self.settings, files, {}, host, host)
        return self._built[host]

    def units(self, host: str | None) -> Units:
        """The same by name; the test fails where they are wrong."""
        __tracebackhide__ = True
        try:
            return Units(self.settings, self.built(host), host)
        except MkunitError as error:
            _fail(str(error))


_PROJECTS = pytest.StashKey[dict[Path, Project]]()


def project(config: pytest.Config, test: Path) -> Project:
    """The project that a test's file lies in; SettingsError where its settings are wrong."""
    known = config.stash.setdefault(_PROJECTS, {})
    if test.parent not in known:
        settings = find(test.parent)
        same = (one for one in known.values() if one.settings.root == settings.root)
        known[test.parent] = next(same, None) or Project(settings)
    return known[test.parent]


def hosts(test: Path) -> tuple[str, ...]:
    """The hosts of the project that a test's file lies in; the units files are not run for that."""
    try:
        return tuple(find(test.parent).hosts)
    except MkunitError:
        return ()  # the fixture says what is wrong


def _fail(message: str) -> NoReturn:
    pytest.fail(message, pytrace=False)
