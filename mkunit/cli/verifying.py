"""`mkunit check --verify`: what this machine's systemd-analyze says, but for what mkunit says already."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mkunit import renderer
from mkunit.errors import Diagnostic, Origin, Severity
from mkunit.model.graph import Graph
from mkunit.model.unit import UnitFile
from mkunit.system import analyze
from mkunit.system.analyze import Said

CODE = "verify"
_HINT = "these are the words of this machine's systemd-analyze"


def units(graph: Graph, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Of a project's units, rendered for the purpose; a line is told as the directive that stands on it."""
    with tempfile.TemporaryDirectory(prefix="mkunit-") as name:
        for scope in ("system", "user"):
            written = {
                str(_write(Path(name, scope), file)): file
                for file in renderer.render(graph.unmasked, None)
                if file.scope == scope
            }
            whole = [Path(path) for path, file in written.items() if file.path == file.name]
            for said in analyze.verify(whole, scope):
                yield from _told(said, written, graph, scope, found)


def _write(folder: Path, file: UnitFile) -> Path:
    place = folder / file.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(file.text, encoding="utf-8")
    return place


def _told(
    said: Said, written: Mapping[str, UnitFile], graph: Graph, scope: str, found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    file = written.get(said.path or "")
    name = file.name if file else said.unit
    unit = graph.get(scope, name) if name else None
    if unit is None:
        return  # of this machine's own units
    directive = None
    if file:
        line = file.text.splitlines()[said.line - 1 : said.line]
        directive = line[0].partition("=")[0] if line else None
    if not _is_known(name, directive, said.text, found):
        origin = next((entry.origin for entry in unit.all(directive or "") if entry.origin), unit.origin)
        yield Diagnostic(CODE, said.text, _HINT, origin, Severity.WARNING, name, directive)


def _is_known(unit: str | None, directive: str | None, text: str, found: Sequence[Diagnostic]) -> bool:
    """Whether a finding of ours is about the same line; of a whole unit, about a directive that the text names."""
    ours = [one for one in found if one.unit == unit and one.code != CODE and one.severity is not Severity.INFO]
    if directive:
        return any(one.directive == directive for one in ours)
    return any(one.directive is None or one.directive in text for one in ours)


def files(paths: Sequence[Path], scope: str, found: Sequence[Diagnostic], place: Path) -> Iterator[Diagnostic]:
    """Of unit files as they are."""
    whole = [path for path in paths if path.suffix != ".conf" and path.is_file()]
    shown = {
        str(path.resolve()): str(path.relative_to(place)) if place in path.parents else str(path) for path in whole
    }
    names = {path.name for path in whole}
    for said in analyze.verify(whole, scope):
        path = shown.get(str(Path(said.path).resolve())) if said.path else None
        if path is None and said.unit not in names:
            continue
        name = Path(path).name if path else said.unit
        origin = Origin(path or next(shown[key] for key in shown if Path(key).name == name), said.line)
        same = any(one.origin == origin and one.code != CODE for one in found)
        if not same and not (said.unit and _is_known(name, None, said.text, found)):
            yield Diagnostic(CODE, said.text, _HINT, origin, Severity.WARNING, name)
