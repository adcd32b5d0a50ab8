"""Runs the user's units files and gathers the units that they build; it leaves no trace of having done so."""

import importlib.util
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType, TracebackType

from mkunit.dsl.collect import Load, loading, shown
from mkunit.errors import Diagnostic, LoadError, MkunitError, Origin

_PACKAGE = str(Path(__file__).parent) + "/"


def load(files: Sequence[Path], context: Load, tick: Callable[[int, int], None] = lambda done, total: None) -> Load:
    """Run the files, in the order given; LoadError has the errors of all of them, not only of the first."""
    found: list[Diagnostic] = []
    context.files = {str(file): shown(str(file), context.root) for file in files}
    with loading(context), _neighbours({file.parent for file in files}):
        for done, file in enumerate(files):
            tick(done, len(files))
            try:
                _run(file)
            except MkunitError as error:
                found += error.diagnostics
            except (Exception, SystemExit) as error:
                found.append(_diagnostic(error, file, context))
    if found:
        raise LoadError(*dict.fromkeys(found))
    return context


def units_files(folder: Path) -> list[Path]:
    """The files of a units folder, in name order; those that start with `_` are for import only."""
    return sorted(file for file in folder.glob("*.py") if not file.name.startswith(("_", ".")))


def _run(file: Path) -> None:
    """Run one file as a module, unless another file's import has run it already."""
    if any(getattr(module, "__file__", None) == str(file) for module in list(sys.modules.values())):
        return
    # A module that is in use under the same name keeps it: the file's own name then cannot be imported, but it runs.
    taken = file.stem in sys.modules or file.stem in sys.stdlib_module_names
    spec = importlib.util.spec_from_file_location(f"{file.stem} (units)" if taken else file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(spec.name, None)
        raise


class _Neighbours(MetaPathFinder):
    """Finds what lies beside the units files, ahead of installed packages but behind the standard library.

    A folder in front of `sys.path` would let `units/socket.py` stand in for Python's own `socket`.
    """

    def __init__(self, folders: set[Path]) -> None:
        self.folders = sorted(map(str, folders))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or fullname in sys.stdlib_module_names:
            return None
        return PathFinder.find_spec(fullname, self.folders, target)


@contextmanager
def _neighbours(folders: set[Path]) -> Iterator[None]:
    """Let the files import what lies beside them, and put everything back afterwards."""
    path, modules, bytecode = list(sys.path), dict(sys.modules), sys.dont_write_bytecode
    finder = _Neighbours(folders)
    sys.meta_path.insert(0, finder)
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.meta_path.remove(finder)
        sys.path[:] = path
        sys.dont_write_bytecode = bytecode
        for name in set(sys.modules) - set(modules):
            if _lies_in(sys.modules[name], folders):
                del sys.modules[name]
        for folder in folders:
            sys.path_importer_cache.pop(str(folder), None)
        linecache.checkcache()


def _lies_in(module: ModuleType, folders: set[Path]) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(
        folder in Path(place).parents or folder == Path(place) for place in places if place for folder in folders
    )


def _diagnostic(error: BaseException, file: Path, context: Load) -> Diagnostic:
    """An error of the user's code: its own line, and its own frames where there are several."""
    own = shown(str(file), context.root)
    if isinstance(error, SyntaxError) and error.filename:
        place = Origin(shown(error.filename, context.root), error.lineno or 0)
        text = (error.text or "").strip()
        return Diagnostic("syntax-error", error.msg, f"the line is: {text}" if text else None, place)
    if isinstance(error, OSError) and error.filename == str(file):
        return Diagnostic("unreadable-file", f"cannot be read: {error.strerror}", None, Origin(own))
    frames = [_frame(frame, context.root) for frame in _frames(error.__traceback__)]
    place = frames[-1] if frames else Origin(own)
    message, code, hint = _words(error)
    if len(frames) > 1:
        way = " → ".join(map(str, frames))
        hint = f"{hint}; called by way of {way}" if hint else f"called by way of {way}"
    return Diagnostic(code, message, hint, place)


def _words(error: BaseException) -> tuple[str, str, str | None]:
    if isinstance(error, ModuleNotFoundError):
        hint = f"put `{error.name}.py` beside the units file, or install the package where mkunit runs"
        return f"there is no module `{error.name}`", "import-error", hint
    if isinstance(error, ImportError):
        return str(error), "import-error", None
    if isinstance(error, SystemExit):
        return f"the file ends the program: SystemExit({error.code!r})", "python-error", "let the file run to its end"
    text = "".join(traceback.format_exception_only(error)).strip()
    return text, "python-error", None


def _frames(tb: TracebackType | None) -> Iterator[traceback.FrameSummary]:
    """The frames that are the user's own: not ours, not Python's importing."""
    for frame in traceback.extract_tb(tb):
        if not frame.filename.startswith((_PACKAGE, "<frozen ", "<attrs generated")):
            yield frame


def _frame(frame: traceback.FrameSummary, root: str) -> Origin:
    return Origin(shown(frame.filename, root), frame.lineno or 0)
