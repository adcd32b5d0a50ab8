"""Runs the user's units files and gathers the units that they build; it leaves no trace of having done so."""

import importlib.util
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType, TracebackType

from mkunit.dsl.collect import Load, loading, shown
from mkunit.errors import Diagnostic, LoadError, MkunitError, Origin

_PACKAGE = str(Path(__file__).parent) + "/"
_PYTHON = str(Path(os.__file__).parent) + "/"
# What mkunit itself may import while a load is under way; rich is late where a progress bar is wanted.
_OURS = frozenset({"mkunit", "attr", "attrs", "rich", "pygments", "markdown_it"})


def load(files: Sequence[Path], context: Load, tick: Callable[[int, int], None] = lambda done, total: None) -> Load:
    """Run the files, in the order given; LoadError has the errors of all of them, not only of the first."""
    found: list[Diagnostic] = []
    context.files = {str(file): label(file, context.root) for file in files}
    with loading(context), _neighbours({file.parent for file in files}):
        for done, file in enumerate(files):
            tick(done, len(files))
            try:
                _run(file)
            except MkunitError as error:
                found += error.diagnostics
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # a file may end by SystemExit, and its libraries have their own
                found.append(_diagnostic(error, file, context))
    if found:
        raise LoadError(*_once(found))
    return context


def _once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Each error once, though each of the files that import a broken one has met it."""
    first: dict[tuple[object, ...], Diagnostic] = {}
    for one in found:
        first.setdefault((one.code, one.message, one.origin, one.unit, one.directive), one)
    return list(first.values())


def label(file: Path, root: str) -> str:
    """A units file as the first line of its unit files names it: never by a path that another machine has not."""
    path = shown(str(file), root)
    return file.name if path == str(file) else path


def units_files(folder: Path) -> list[Path]:
    """The files of a units folder, in name order; those that start with `_` are for import only."""
    # Not glob(), which would take a folder that may not be read for an empty one.
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix == ".py" and not file.name.startswith(("_", ".")) and file.is_file()
    )


def _run(file: Path) -> None:
    """Run one file as a module, unless another file's import has run it already."""
    if getattr(sys.modules.get(file.stem), "__file__", None) == str(file):
        return
    # A module that is in use under the same name keeps it: the file's own name then cannot be imported, but it runs.
    taken = file.stem in sys.modules or _reserved(file.stem)
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


def _reserved(name: str) -> bool:
    return name in sys.stdlib_module_names or name in _OURS


class _Neighbours(MetaPathFinder):
    """Finds what lies beside the units files, ahead of installed packages but behind the standard library.

    A folder in front of `sys.path` would let `units/socket.py` stand in for Python's own `socket`.
    """

    def __init__(self, folders: set[Path]) -> None:
        self.folders = sorted(map(str, folders))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or _reserved(fullname):
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
        with redirect_stdout(sys.stderr), _output_to_stderr():
            yield
    finally:
        sys.meta_path.remove(finder)
        sys.path[:] = path
        sys.dont_write_bytecode = bytecode
        for name in set(sys.modules) - set(modules):
            if _lies_in(sys.modules[name], folders):
                del sys.modules[name]
        for place in [place for place in sys.path_importer_cache if _within(place, folders)]:
            del sys.path_importer_cache[place]
        linecache.checkcache()


@contextmanager
def _output_to_stderr() -> Iterator[None]:
    """Let programs that a units file runs write to standard error too: standard output is for data."""
    try:
        kept = os.dup(1)
    except OSError:  # it is closed
        yield
        return
    try:
        with suppress(OSError):
            os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _lies_in(module: ModuleType, folders: set[Path]) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(_within(place, folders) for place in places if place)


def _within(place: str, folders: set[Path]) -> bool:
    path = Path(place)
    return any(folder == path or folder in path.parents for folder in folders)


def _diagnostic(error: BaseException, file: Path, context: Load) -> Diagnostic:
    """An error of the user's code: its own line, and its own frames where there are several."""
    own = shown(str(file), context.root)
    if isinstance(error, SyntaxError) and error.filename and not _is_library(error.filename):
        place = Origin(shown(error.filename, context.root), error.lineno or 0)
        text = (error.text or "").strip()
        return Diagnostic("syntax-error", error.msg, f"the line is: {text}" if text else None, place)
    if isinstance(error, OSError) and error.filename == str(file):
        return Diagnostic("unreadable-file", f"cannot be read: {error.strerror}", None, Origin(own))
    frames = [_frame(frame, context.root) for frame in _frames(error.__traceback__)]
    place = frames[-1] if frames else Origin(own)
    message, code, hint = _words(error)
    if len(frames) > 1:
        way = f"called by way of {' → '.join(map(str, _short(frames)))}"
        hint = f"{hint}; {way}" if hint else way
    return Diagnostic(code, message, hint, place)


def _words(error: BaseException) -> tuple[str, str, str | None]:
    if isinstance(error, ModuleNotFoundError) and error.name:
        first = error.name.partition(".")[0]
        hint = f"put `{first}.py` beside the units file, or install the package where mkunit runs"
        return f"there is no module `{error.name}`", "import-error", hint
    if isinstance(error, ImportError):
        # Its own words end in the path of the module, which is long and says nothing.
        text = str(error).partition(" (/")[0]
        relative = "write `from _shared import …`: units files are no package"
        return text, "import-error", relative if "relative import" in text else None
    if isinstance(error, SystemExit):
        return f"the file ends the program: SystemExit({error.code!r})", "python-error", "let the file run to its end"
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error}", "python-error", None
    lines = "".join(traceback.format_exception_only(error)).splitlines()
    return "; ".join(line.strip() for line in lines if line.strip()), "python-error", None


def _frames(tb: TracebackType | None) -> list[traceback.FrameSummary]:
    """The frames that are the user's own: not ours, not Python's importing, not those of libraries that they call."""
    outside = [
        frame
        for frame in traceback.extract_tb(tb)
        if not frame.filename.startswith((_PACKAGE, "<frozen ", "<attrs generated"))
    ]
    return [frame for frame in outside if not _is_library(frame.filename)] or outside


def _is_library(path: str) -> bool:
    """Whether a file is Python's own or an installed package's: there is nothing to mend there."""
    return path.startswith(_PYTHON) or "/site-packages/" in path or "/dist-packages/" in path


def _short(frames: list[Origin]) -> list[Origin | str]:
    """A way without what recursion repeats."""
    return [*frames] if len(frames) <= 8 else [*frames[:4], f"{len(frames) - 8} more", *frames[-4:]]


def _frame(frame: traceback.FrameSummary, root: str) -> Origin:
    return Origin(shown(frame.filename, root), frame.lineno or 0)
