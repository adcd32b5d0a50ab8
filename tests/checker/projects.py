"""Small projects for the rules' tests: units from Python or from the text of unit files, and what is found in them."""

import re

import mkunit
from mkunit import checker, parser
from mkunit.dsl.collect import Load, loading
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic
from mkunit.model.facts import Facts, File
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Unit

NAMES = {name: getattr(mkunit, name) for name in mkunit.__all__}


def python(text: str, systemd: int = 252) -> tuple[list[Unit], list[Diagnostic]]:
    """The units of a units file, and what the builders warn of."""
    load = Load("/project", systemd=systemd)
    load.files["/project/units/web.py"] = "units/web.py"
    with loading(load):
        exec(compile(text, "/project/units/web.py", "exec"), dict(NAMES))
    return load.units, load.warnings


def files(text: str) -> list[Unit]:
    """The units of unit files that begin with their names as comments."""
    parts = re.split(r"^# ([\w@.-]+\.[a-z]+)\n", text, flags=re.MULTILINE)[1:]
    return [parser.parse(body.encode(), name, name).unit for name, body in zip(parts[::2], parts[1::2], strict=True)]


def graph(text: str, systemd: int = 252) -> Graph:
    units = files(text) if text.startswith("# ") else python(text, systemd)[0]
    return Graph.of(settle(units, "system"))


def found(text: str, systemd: int = 252, facts: Facts | None = None) -> list[Diagnostic]:
    """All that the rules find."""
    return list(checker.examine(graph(text, systemd), Target(systemd), facts))


def codes(text: str, systemd: int = 252, facts: Facts | None = None) -> list[str]:
    return [one.code for one in found(text, systemd, facts)]


MACHINE = Facts(
    users=frozenset({"root", "daemon"}),
    groups=frozenset({"root", "daemon"}),
    files={
        "/usr/bin/env": File(True, is_executable=True, is_binary=True),
        "/usr/bin/no-such-program": File(False),
        "/usr/lib/systemd/systemd-journald": File(True, is_executable=True, is_binary=True),
        "/opt/api/run.txt": File(True, is_executable=True),
        "/opt/api/run.sh": File(True, is_executable=True, interpreter="/bin/sh"),
        "/etc/no-such-file": File(False),
    },
    ports=frozenset({("tcp", 8080)}),
    units={"system": frozenset({"web.service", "systemd-journald.service"}), "user": frozenset()},
    vendors={"system": {"systemd-journald.service": "/usr/lib/systemd/system/systemd-journald.service"}, "user": {}},
    lingers=False,
)
