"""The loader runs the user's files, tells what is wrong with them by their own lines, and leaves no trace."""

import os
import sys
from pathlib import Path

import pytest

from mkunit import loader
from mkunit.dsl.collect import Load
from mkunit.errors import Diagnostic, LoadError, Origin
from mkunit.model.unit import Unit

SERVICE = 'from mkunit import Service\n{0} = Service("{0}", exec_start="/bin/true")\n'


def write(folder: Path, **files: str) -> Path:
    """A units folder; a keyword for each file, its name without `.py`."""
    units = folder / "units"
    units.mkdir(exist_ok=True)
    for name, text in files.items():
        (units / f"{name}.py").write_text(text, encoding="utf-8")
    return units


def load(units: Path) -> list[Unit]:
    files = loader.units_files(units)
    return loader.load(files, Load(root=str(units.parent))).units


def fails(units: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(LoadError) as caught:
        load(units)
    return caught.value.diagnostics


def test_in_name_order(tmp_path: Path) -> None:
    """Files run in the order of their names."""
    units = write(tmp_path, b=SERVICE.format("second"), a=SERVICE.format("first"), c=SERVICE.format("third"))
    assert [unit.name for unit in load(units)] == ["first.service", "second.service", "third.service"]


def test_underscore_is_for_import(tmp_path: Path) -> None:
    """A file whose name begins with `_` is not run by itself."""
    units = write(tmp_path, _shared=SERVICE.format("shared"), web=SERVICE.format("web"))
    assert [unit.name for unit in load(units)] == ["web.service"]


def test_hidden_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    """Editors leave `.#web.py` and the like; a folder may be called `x.py`."""
    units = write(tmp_path, web=SERVICE.format("web"))
    (units / ".#web.py").write_text("1/0")
    (units / "folder.py").mkdir()
    (units / "notes.txt").write_text("1/0")
    assert [unit.name for unit in load(units)] == ["web.service"]


def test_source_is_relative_to_the_project(tmp_path: Path) -> None:
    """The file that a unit's first line names is as every machine has it."""
    (unit,) = load(write(tmp_path, web=SERVICE.format("web")))
    assert (unit.source, unit.origin) == ("units/web.py", Origin("units/web.py", 2))


def test_source_outside_the_project_has_no_path(tmp_path: Path) -> None:
    """A units file from elsewhere is named without the folders of this machine."""
    units = write(tmp_path, web=SERVICE.format("web"))
    context = loader.load(loader.units_files(units), Load(root=str(tmp_path / "project")))
    assert [unit.source for unit in context.units] == ["web.py"]


def test_neighbours_are_importable(tmp_path: Path) -> None:
    """What lies beside the units files is imported by its name, packages included."""
    units = write(
        tmp_path,
        _names='NAME = "from-shared"\n',
        web="""\
from mkunit import Service
from _names import NAME
from lib.paths import BIN
Service(NAME, exec_start=BIN)
""",
    )
    (units / "lib").mkdir()
    (units / "lib" / "paths.py").write_text('BIN = "/bin/true"\n')
    (unit,) = load(units)
    assert (unit.name, unit.directive("ExecStart")) == ("from-shared.service", "/bin/true")


def test_a_units_file_imports_another(tmp_path: Path) -> None:
    """`from web import api` runs web.py once, and its units stay web.py's."""
    units = write(
        tmp_path,
        web=SERVICE.format("api"),
        app="""\
from mkunit import Timer
from web import api
Timer("tick", on_calendar="daily", activates=api)
""",
    )
    found = {unit.name: (unit.source, unit.origin) for unit in load(units)}
    assert found == {
        "api.service": ("units/web.py", Origin("units/web.py", 2)),
        "tick.timer": ("units/app.py", Origin("units/app.py", 3)),
    }


def test_import_of_one_that_has_run(tmp_path: Path) -> None:
    """It makes no difference which of two files comes first."""
    units = write(
        tmp_path,
        api=SERVICE.format("api"),
        web="""\
from mkunit import Timer
from api import api
Timer("tick", on_calendar="daily", activates=api)
""",
    )
    assert [unit.name for unit in load(units)] == ["api.service", "tick.timer"]


def test_units_of_a_shared_function(tmp_path: Path) -> None:
    """A unit belongs to the units file that is running, though a neighbour's function built it."""
    units = write(
        tmp_path,
        web="from _make import make\nmake('web')\n",
        _make="""\
from mkunit import Service

def make(name):
    return Service(name, exec_start="/bin/true")
""",
    )
    (unit,) = load(units)
    assert (unit.source, unit.origin) == ("units/web.py", Origin("units/_make.py", 4))


@pytest.mark.parametrize("name", ["json", "socket", "mkunit", "attrs", "rich", "pytest"])
def test_named_like_a_module(tmp_path: Path, name: str) -> None:
    """A units file may be called `socket.py`: it runs, and `import socket` is still Python's."""
    units = write(
        tmp_path, **{name: SERVICE.format("web"), "zz": f"import {name}\nassert 'units' not in {name}.__file__"}
    )
    assert [unit.name for unit in load(units)] == ["web.service"]


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    """A name that is no word of Python's runs; only imported it cannot be."""
    units = write(tmp_path, **{"my-app.v2": SERVICE.format("web")})
    assert [unit.source for unit in load(units)] == ["units/my-app.v2.py"]


@pytest.mark.parametrize("ending", ["", "raise SystemExit(1)", "1/0", "def"])
def test_no_trace(tmp_path: Path, ending: str) -> None:
    """Neither `sys` nor the folder shows that the files have run, whether they were right or wrong."""
    units = write(
        tmp_path,
        _shared="X = 1\n",
        api="from lib import y\n",
        web=f"""\
import sys
from _shared import X
from api import y
sys.path.insert(0, "/nowhere")
{ending}
""",
    )
    (units / "lib").mkdir()
    (units / "lib" / "y.py").write_text("")
    before = list(sys.path), list(sys.meta_path), sys.dont_write_bytecode
    try:
        load(units)
    except LoadError:
        assert ending
    assert (list(sys.path), list(sys.meta_path), sys.dont_write_bytecode) == before
    assert sys.modules.keys().isdisjoint({"_shared", "api", "web", "lib", "lib.y"})
    assert not any(str(units) in place for place in sys.path_importer_cache)
    assert list(tmp_path.rglob("__pycache__")) == []


def test_twice(tmp_path: Path) -> None:
    """A second load sees what has changed in the files."""
    units = write(
        tmp_path, _name='NAME = "one"\n', web="from mkunit import Target\nfrom _name import NAME\nTarget(NAME)\n"
    )
    assert [unit.name for unit in load(units)] == ["one.target"]
    write(tmp_path, _name='NAME = "two"\n')
    assert [unit.name for unit in load(units)] == ["two.target"]


def test_output_goes_to_standard_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output is for data: what files and the programs that they run write there goes to standard error."""
    units = write(
        tmp_path,
        web="""\
import os, subprocess, sys
print("printed", flush=True)
sys.stdout.write("written\\n")
subprocess.run(["echo", "by a program"], check=True)
os.system("echo by a shell")
""",
    )
    load(units)
    sys.stdout.write("afterwards\n")
    out, err = capfd.readouterr()
    assert out == "afterwards\n"
    assert sorted(err.split("\n")[:-1]) == ["by a program", "by a shell", "printed", "written"]


def test_load_without_standard_output(tmp_path: Path) -> None:
    """A closed standard output is nothing to fail by."""
    kept = os.dup(1)
    os.close(1)
    try:
        assert len(load(write(tmp_path, web=SERVICE.format("web")))) == 1
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def test_syntax_error(tmp_path: Path) -> None:
    """A syntax error has its line, and the line's text."""
    (found,) = fails(write(tmp_path, web="x = 1\nSocket('a',, listen=[1])\n"))
    assert found == Diagnostic(
        "syntax-error", "invalid syntax", "the line is: Socket('a',, listen=[1])", Origin("units/web.py", 2)
    )


def test_syntax_error_of_a_neighbour(tmp_path: Path) -> None:
    """Each of the files that import a broken one meets its error; it is told once, with the place of the error."""
    units = write(tmp_path, _bad="x = (\n", a="import _bad\n", b="import _bad\n")
    (found,) = fails(units)
    assert (found.code, found.origin) == ("syntax-error", Origin("units/_bad.py", 1))


def test_not_text(tmp_path: Path) -> None:
    """A file that is no UTF-8 is an error of that file."""
    units = write(tmp_path)
    (units / "web.py").write_bytes(b"x = '\xff'\n")
    (found,) = fails(units)
    assert found.origin is not None
    assert found.origin.path == "units/web.py"


def test_missing_module(tmp_path: Path) -> None:
    """An import that fails says what to do about it."""
    (found,) = fails(write(tmp_path, web="\nimport nowhere.at_all\n"))
    assert found == Diagnostic(
        "import-error",
        "there is no module `nowhere`",
        "put `nowhere.py` beside the units file, or install the package where mkunit runs",
        Origin("units/web.py", 2),
    )


def test_missing_name(tmp_path: Path) -> None:
    """A name that a neighbour does not have: the message has no path of this machine."""
    (found,) = fails(write(tmp_path, _shared="", web="from _shared import PORT\n"))
    assert (found.code, found.message) == ("import-error", "cannot import name 'PORT' from '_shared'")


def test_relative_import(tmp_path: Path) -> None:
    """Units files are no package, which is worth a hint."""
    (found,) = fails(write(tmp_path, _shared="", web="from ._shared import PORT\n"))
    assert found.hint == "write `from _shared import …`: units files are no package"


def test_exception(tmp_path: Path) -> None:
    """An exception has the line that raised it, and the way there where there is one."""
    units = write(tmp_path, web="from _make import make\n\nmake()\n", _make="def make():\n    return 1 / 0\n")
    (found,) = fails(units)
    assert found == Diagnostic(
        "python-error",
        "ZeroDivisionError: division by zero",
        "called by way of units/web.py:3 → units/_make.py:2",
        Origin("units/_make.py", 2),
    )


def test_exception_in_a_library(tmp_path: Path) -> None:
    """Python's own code is nobody's to mend: the place is the line that called it."""
    (found,) = fails(write(tmp_path, web="import json\n\njson.loads('x')\n"))
    assert (found.origin, found.hint) == (Origin("units/web.py", 3), None)


def test_exception_of_many_lines(tmp_path: Path) -> None:
    """A message is one line, whatever Python makes of it."""
    (found,) = fails(write(tmp_path, web="raise ValueError('one\\ntwo')\n"))
    assert found.message == "ValueError: one; two"


def test_endless_recursion(tmp_path: Path) -> None:
    """A way of a thousand steps is cut short."""
    (found,) = fails(write(tmp_path, web="def f():\n    f()\nf()\n"))
    assert found.message.startswith("RecursionError")
    assert found.hint is not None
    assert len(found.hint) < 400


@pytest.mark.parametrize("ending", ["raise SystemExit(3)", "import sys; sys.exit(3)", "quit(3)"])
def test_a_file_that_ends_the_program(tmp_path: Path, ending: str) -> None:
    """A units file cannot end mkunit, least of all with success."""
    (found,) = fails(write(tmp_path, web=f"{ending}\n"))
    assert (found.code, found.origin) == ("python-error", Origin("units/web.py", 1))
    assert "SystemExit(3)" in found.message


def test_unusual_exceptions(tmp_path: Path) -> None:
    """What is no `Exception` is told as well: test libraries and asyncio have such."""
    (found,) = fails(write(tmp_path, web="class Stop(BaseException): pass\nraise Stop('now')\n"))
    assert found.message.endswith("Stop: now")


def test_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C is the person's, not an error of the file; everything is put back all the same."""
    units = write(tmp_path, web="raise KeyboardInterrupt\n")
    before = list(sys.meta_path)
    with pytest.raises(KeyboardInterrupt):
        load(units)
    assert sys.meta_path == before


def test_all_errors(tmp_path: Path) -> None:
    """The errors of all files are told at once, and all those of a unit."""
    units = write(
        tmp_path,
        a="1/0\n",
        b="from mkunit import Socket\nSocket('x', listen=[70000], acept=True)\n",
        c=SERVICE.format("fine"),
        d="import nowhere\n",
    )
    found = [(str(one.origin), one.code) for one in fails(units)]
    assert found == [
        ("units/a.py:1", "python-error"),
        ("units/b.py:2", "bad-value"),
        ("units/b.py:2", "unknown-directive"),
        ("units/d.py:1", "import-error"),
    ]


def test_error_in_an_imported_units_file_is_told_once(tmp_path: Path) -> None:
    """web.py fails when app.py imports it, and again by itself: one error."""
    units = write(tmp_path, app="from web import api\n", web="x = 1\nraise ValueError('no')\n")
    (found,) = fails(units)
    assert found.origin == Origin("units/web.py", 2)


def test_no_python_file(tmp_path: Path) -> None:
    """A file that was named and is no Python is an error of that file."""
    place = tmp_path / "web.service"
    place.write_text("[Service]\n")
    with pytest.raises(LoadError) as caught:
        loader.load([place], Load(root=str(tmp_path)))
    assert str(caught.value) == "web.service: error[import-error]: web.service is no Python file"


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """A file that is removed before it runs is an error, not a traceback."""
    with pytest.raises(LoadError) as caught:
        loader.load([tmp_path / "gone.py"], Load(root=str(tmp_path)))
    assert str(caught.value) == "gone.py: error[unreadable-file]: cannot be read: No such file or directory"


def test_nothing_outside_a_load(tmp_path: Path) -> None:
    """After a load builders have no side effect again."""
    from mkunit import Service

    context = loader.load(loader.units_files(write(tmp_path, a=SERVICE.format("a"))), Load())
    Service("b", exec_start="/bin/true")
    assert [unit.name for unit in context.units] == ["a.service"]
