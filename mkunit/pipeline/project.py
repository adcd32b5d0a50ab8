"""A project's way through the stages: its files are loaded, then checked and rendered for each host."""

from collections.abc import Callable, Mapping, Sequence
from os.path import normpath
from pathlib import Path

from mkunit import loader
from mkunit.dsl.collect import Load
from mkunit.errors import DeniedError, Diagnostic, MkunitError, NoSuchUnitError, Origin, SettingsError, UsageError, near
from mkunit.model.target import Target
from mkunit.pipeline import Built, assemble
from mkunit.settings import Host, Settings
from mkunit.system import output


def units_files(settings: Settings, paths: Sequence[Path]) -> list[Path]:
    """The units files of the project, or of the files and folders that were named."""
    found: list[Path] = []
    for path in paths or [settings.units]:
        try:
            place = _place(settings, path)
            files = loader.units_files(place) if place.is_dir() else [place] if place.is_file() else []
        except OSError as error:
            raise _unreadable(path, error) from None
        if not files:
            raise _no_units(settings, path)
        found += files
    return list(dict.fromkeys(found))


def _place(settings: Settings, path: Path) -> Path:
    """A path without links on the way to it, but where it lies in the project by the name that it has there."""
    plain = Path(normpath(path))
    return plain if settings.root in (plain, *plain.parents) else path.parent.resolve() / path.name


def _no_units(settings: Settings, path: Path) -> NoSuchUnitError:
    units = settings.units.name
    if not path.exists():
        hint = f"put units files such as `web.py` into {units}/, or name a folder that has some"
        return NoSuchUnitError(Diagnostic("no-units", "is not there", hint, Origin(str(path))))
    own = "put units files such as `web.py` into it; those that start with `_` are for import only"
    hint = own if path == settings.units else f"name a folder that has some, or none for {units}/"
    return NoSuchUnitError(Diagnostic("no-units", "has no units files", hint, Origin(str(path))))


def _unreadable(path: Path, error: OSError) -> MkunitError:
    kind = DeniedError if isinstance(error, PermissionError) else NoSuchUnitError
    return kind(Diagnostic("unreadable-file", f"cannot be read: {error.strerror}", None, Origin(str(path))))


Tick = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    pass


def build(
    settings: Settings,
    files: Sequence[Path],
    given: Mapping[str, str],
    host: str | None = None,
    folder: str | None = None,
    tick: Tick = _silent,
) -> Built:
    """Load, check and render for one target; `folder` is the host's name where its files have a folder of their own."""
    load = loaded(settings, files, given, host, tick)
    target = Target(load.systemd, host)
    sources = frozenset(load.files.values())
    told = Told(settings.root, sources)
    return assemble(load.units, settings.scope, target, told(tuple(load.warnings)), sources, folder, told)


def loaded(
    settings: Settings, files: Sequence[Path], given: Mapping[str, str], host: str | None = None, tick: Tick = _silent
) -> Load:
    """The units as the files build them, for a host or for none; nothing says yet that they fit together."""
    machine = settings.host(host) if host else Host("", {})
    params = {**settings.params, **machine.params, **given}
    load = Load(str(settings.root), machine.systemd or settings.systemd, settings.scope, params, frozenset(given))
    loader.load(files, load, tick)
    _all_asked(given, load)
    return load


class Told:
    """What is said of findings: where the keyword stands, and nothing of what the user has said to ignore."""

    def __init__(self, root: Path, sources: frozenset[str]) -> None:
        self.root, self.sources = root, sources

    def __call__(self, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        if not found:
            return found
        from mkunit.checker import comments  # only where something is wrong

        return tuple(comments.settled(found, self.text, self.sources))

    def text(self, path: str) -> str | None:
        """A units file, by the path that findings have."""
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None


def _all_asked(given: Mapping[str, str], load: Load) -> None:
    """A parameter that no units file reads is a slip of the pen."""
    for name in given:
        if name not in load.asked:
            meant = near(name, load.asked)
            known = ", ".join(f"`{other}`" for other in load.asked) or "none"
            hint = f"did you mean `{meant}`?" if meant else f"the units files read: {known}"
            raise UsageError(Diagnostic("unknown-parameter", f"`--set {name}=…`: no units file reads `{name}`", hint))


def build_project(
    settings: Settings,
    paths: Sequence[Path],
    given: Mapping[str, str],
    host: str | None,
    all_hosts: bool,
    tick: Tick = _silent,
) -> tuple[tuple[Built, ...], output.Stale]:
    """All that a `mkunit build` renders, and which old files it answers for."""
    files = units_files(settings, paths)
    if not all_hosts:
        built = build(settings, files, given, host, tick=tick)
        return (built,), output.Stale(frozenset({None}), built.sources if paths else None)
    if not settings.hosts:
        hint = "write a table [tool.mkunit.hosts.NAME] for each"
        raise SettingsError(Diagnostic("no-hosts", "`--all-hosts`: the project has no hosts", hint))
    builds = tuple(build(settings, files, given, name, name, tick) for name in settings.hosts)
    return builds, _Hosted(builds[0].sources if paths else None)


class _Hosted(output.Stale):
    """All hosts' files, those of hosts that are no more included."""

    def __init__(self, sources: frozenset[str] | None) -> None:
        super().__init__(frozenset(), sources)

    def __call__(self, row: output.Owned) -> bool:
        return row.host is not None and (self.sources is None or row.source in self.sources)
