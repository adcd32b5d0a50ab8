"""`mkunit explain CODE` for every code that anything in mkunit can have, collected from its source."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sandbox import Project

import mkunit
from mkunit import catalog
from mkunit.checker.prose import everything
from mkunit.cli import explain_code

PACKAGE = Path(mkunit.__file__).parent
Place = tuple[str, str]  # a module, and a function or class of it
MADE_APART = {"python-error"}  # whose words and code come as one
NO_CODES = {""}  # of a diagnostic that is only to be shown


@cache
def trees() -> dict[str, ast.Module]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def takers() -> dict[Place, int]:
    """The functions and classes that take a code, and as which of their arguments."""
    found = {}
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args if one.arg not in ("self", "cls")]
            elif isinstance(node, ast.ClassDef):
                names = [
                    one.target.id
                    for one in node.body
                    if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
                ]
            else:
                continue
            if "code" in names:
                found[module, node.name] = names.index("code")
    return found


def names(module: str) -> dict[str, Place]:
    """What the names of a module stand for: its own functions, and what it imports."""
    found = {name: (where, name) for where, name in takers() if where == module}
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name: (node.module or "", one.name) for one in node.names}
    return found


def called(function: ast.expr, known: dict[str, Place], module: str) -> Place | None:
    if isinstance(function, ast.Name):
        return known.get(function.id)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        if function.value.id == "self":
            return module, function.attr
        where, name = known.get(function.value.id, ("", ""))
        return f"{where}.{name}", function.attr
    return None


def words(node: ast.expr, module: str) -> Iterator[str]:
    """The codes that an argument can be; what a caller has handed over is seen where that calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from words(node.body, module)
        yield from words(node.orelse, module)
    elif isinstance(node, ast.Subscript):
        yield from words(node.value, module)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from words(value, module)
    elif isinstance(node, ast.Name):
        for one in trees()[module].body:
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets):
                yield from words(one.value, module)


def codes() -> dict[str, str]:
    """Every code, and a place that has it."""
    found = dict.fromkeys(MADE_APART, "mkunit.loader")
    for module, tree in trees().items():
        known = names(module)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and (place := takers().get(called(node.func, known, module) or ("", ""))) is not None
            ):
                given = [one.value for one in node.keywords if one.arg == "code"] or node.args[place : place + 1]
                found |= {word: f"{module}:{node.lineno}" for one in given for word in words(one, module)}
    return {code: place for code, place in found.items() if code not in NO_CODES}


def test_every_code_is_explained() -> None:
    """Whatever stands in brackets behind `error`, `mkunit explain` has something to say of it."""
    found = codes()
    assert len(found) > 150
    assert {
        code: place
        for code, place in found.items()
        if code not in everything() and code not in explain_code.everything()
    } == {}


def test_no_explanation_is_left_over() -> None:
    """What nothing says any more is not explained."""
    assert explain_code.everything().keys() - codes().keys() == set()
    assert explain_code.everything().keys() & everything().keys() == set()


def test_codes_are_no_directives() -> None:
    """One word has one meaning."""
    keywords = {keyword for kind in catalog.kinds() for keyword in catalog.keywords(kind)}
    assert explain_code.everything().keys() & keywords == set()


@pytest.mark.parametrize("one", explain_code.everything().values(), ids=lambda one: one.code)
def test_prose(one: explain_code.Code) -> None:
    """Short whole sentences."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.code)
    for text in (one.means, one.do):
        assert text[0].isupper() or text.startswith(("`", "[", "systemd", "cron", "journalctl", "mkunit"))
        assert text.endswith(".")
        assert len(text) < 150


def test_command(project: Project) -> None:
    """As text and as JSON; all of them as a list."""
    ended = project.run("explain", "drift")
    assert (ended.code, ended.out.partition("\n")[0]) == (0, "drift")
    assert "`--overwrite-drift`" in ended.out
    assert json.loads(project.run("explain", "drift", "--json").out)["codes"][0]["code"] == "drift"
    assert "# mkunit: ignore[lost-rest]" in project.run("explain", "lost-rest").out
    assert len(project.run("explain", "codes").out.splitlines()) == len(explain_code.everything())


def test_a_slip(project: Project) -> None:
    ended = project.run("explain", "foreign-fiel")
    assert (ended.code, "did you mean `foreign-file`?" in ended.err) == (3, True)
