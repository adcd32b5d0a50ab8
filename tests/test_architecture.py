"""The house holds: rooms on floors, imports downward, and each trade in the room that it belongs to."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "mkunit"
FLOORS = {
    "errors": 0,
    "catalog": 1, "model": 1,
    "dsl": 2,
    "loader": 3, "parser": 3, "checker": 3, "renderer": 3, "planner": 3, "runner": 3, "system": 3, "reporter": 3,
    "settings": 3, "explainer": 3,
    "pipeline": 4,
    "importer": 4,
    "cli": 5,
}  # fmt: skip
APART = {"testing"}  # for users' tests: it may use any room, and none uses it
FACE = {"mkunit", "mkunit.__main__"}  # what a user imports, and what the shell starts
BACK_DOORS = {
    "mkunit": "the names are there when they are asked for, and type checkers are told of them",
    "mkunit.dsl": "the keywords of the builders cost milliseconds to import, and only type checkers read them",
    "mkunit.testing.plugin": "pytest imports it in every project, and what its fixtures give is imported when asked for",
    "mkunit.checker": "facts of a machine are there only where somebody asks about one",
    "mkunit.catalog.values": "the judges of values are imported one by one, as they are needed",
}
LONGEST = 300  # lines
GENERATED = {"mkunit.dsl.options"}
TRADES = {
    "rich": {"reporter", "cli"},
    "difflib": {"reporter", "errors"},
    "subprocess": {"system", "testing"},
    "argparse": {"cli"},
}


class Import(NamedTuple):
    """One import: who, whom, where, and whether only type checkers follow it."""

    module: str
    imported: str
    line: int
    for_types: bool
    in_function: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.imported}"


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> tuple[Import, ...]:
    """All imports of a module, those inside functions and `if` blocks included."""
    return tuple(_imports(module, tree(module), for_types=False, in_function=False))


def _imports(module: str, node: ast.AST, *, for_types: bool, in_function: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        types = for_types or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
        inner = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(child, ast.Import):
            yield from (Import(module, name.name, child.lineno, types, inner) for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from (Import(module, name, child.lineno, types, inner) for name in _from(module, child))
        else:
            yield from _imports(module, child, for_types=types, in_function=inner)


def _from(module: str, node: ast.ImportFrom) -> Iterator[str]:
    """The modules that a `from … import …` reaches: a submodule where the name is one, else the module itself."""
    folder = module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]
    above = folder.rsplit(".", node.level - 1)[0] if node.level else None
    base = ".".join(filter(None, [above, node.module]))
    for name in node.names:
        full = f"{base}.{name.name}"
        yield full if full in modules() else base


def every_import() -> list[Import]:
    return [one for module in modules() for one in imports(module)]


def own(one: Import) -> bool:
    return one.imported == "mkunit" or one.imported.startswith("mkunit.")


def room(module: str) -> str | None:
    """The room that a module belongs to; None for the package's own face."""
    return None if module in FACE else module.split(".")[1]


def test_every_room_has_a_floor() -> None:
    """A room that nobody has thought about fails."""
    rooms = {found for module in modules() if (found := room(module))}
    assert rooms <= FLOORS.keys() | APART


def test_imports_go_down() -> None:
    """A room imports only rooms on lower floors, and itself; the settings are the one neighbour that nobody has."""
    wrong = []
    for one in filter(own, every_import()):
        here, there = room(one.module), room(one.imported)
        if here is None or there is None or here == there or here in APART:
            continue
        if FLOORS.get(there, 99) >= FLOORS[here]:
            wrong.append(str(one))
    assert wrong == []


def test_nobody_imports_the_rooms_apart() -> None:
    """What serves users' tests is not needed to run mkunit."""
    assert [str(one) for one in filter(own, every_import()) if room(one.imported) in APART - {room(one.module)}] == []


def test_only_the_command_line_asks_the_face() -> None:
    """The face is for users; of the rooms, only the command line needs its version."""
    asking = {room(one.module) for one in every_import() if one.imported == "mkunit"}
    assert asking <= {None, "cli"}


def test_no_module_imports_itself_by_way_of_others() -> None:
    """No cycles at import; what a room puts aside for start-up time may call back into the module that it came from."""
    edges = {
        module: {one.imported for one in imports(module) if own(one) and not one.in_function} - FACE - {module}
        for module in modules()
    }
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join([*way[way.index(module) :], module])
        if module not in done:
            for then in sorted(edges.get(module, ())):
                # A package is imported before its modules, and may import them.
                if not module.startswith(f"{then}."):
                    visit(then, (*way, module))
            done.add(module)

    for module in sorted(edges):
        visit(module, ())


def test_no_back_doors() -> None:
    """What only type checkers import is named here, with its reason."""
    doors = {one.module for one in every_import() if one.for_types}
    assert doors <= BACK_DOORS.keys()


@pytest.mark.parametrize("library", TRADES)
def test_trades(library: str) -> None:
    """A library with a room of its own is used in no other."""
    users = {str(one): room(one.module) for one in every_import() if one.imported.split(".")[0] == library}
    assert {text: where for text, where in users.items() if where not in TRADES[library]} == {}


def test_the_environment_is_read_at_the_rim() -> None:
    """Only the command line and the machine's room know of environment variables."""
    readers = {
        f"{module}:{node.lineno}"
        for module in modules()
        if room(module) not in ("cli", "system", "testing")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb", "putenv")
    }
    assert readers == set()


def test_only_the_rim_ends_the_program() -> None:
    """`sys.exit` belongs to the console script."""
    enders = {
        f"{module}:{node.lineno}"
        for module in modules()
        if module not in FACE and room(module) not in APART
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in ("exit", "_exit") and ast.unparse(node) != "parser.exit"
    }
    assert enders == set()


def test_late_imports_say_why() -> None:
    """Where imports hide in functions, a comment beside one of them says why; judges of values always load late."""
    silent = []
    for module in modules():
        lines = modules()[module].read_text(encoding="utf-8").split("\n")
        late = [one for one in imports(module) if one.in_function]
        apart = room(module) in APART or module.startswith("mkunit.catalog.values.")
        if late and not apart and not any("#" in f"{lines[one.line - 2]}{lines[one.line - 1]}" for one in late):
            silent.append(module)
    assert silent == []


@pytest.mark.parametrize("module", modules())
def test_docstring(module: str) -> None:
    """Every module says in a sentence what it is for."""
    first = (ast.get_docstring(tree(module)) or "").partition("\n\n")[0]
    assert first.endswith(".")


@pytest.mark.parametrize("module", sorted(modules().keys() - GENERATED))
def test_length(module: str) -> None:
    """Every module can be read in one sitting."""
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= LONGEST
