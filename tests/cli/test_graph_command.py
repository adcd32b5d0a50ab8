"""`mkunit graph`: what starts what, drawn in five ways."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from sandbox import Project
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

SHOP = """\
from mkunit import Mount, Service, Slice, Socket, Target, Timer

web = Service("web", exec_start="/bin/web", slice="shop.slice", wants="db.service", after="db.service", part_of="shop.target")
Socket("web", listen=[8080], activates=web)
Timer("clean", on_calendar="daily", activates=Service("sweep", exec_start="/bin/sweep", slice="shop.slice"))
Target("shop", wants=["web.socket", "clean.timer"])
Slice("shop")
Mount("/srv/my data", what="tmpfs", type="tmpfs")
"""
RING = """\
from mkunit import Service

Service("a", exec_start="/bin/a", after="b.service", wants="b.service")
Service("b", exec_start="/bin/b", after="c.service", requires="a.service")
Service("c", exec_start="/bin/c", after="a.service")
"""


class Drawing(SingleFileSnapshotExtension):
    """A drawing in a file of its own."""

    _write_mode = WriteMode.TEXT


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("units/shop.py", SHOP)
    return project


def test_help(project: Project) -> None:
    assert "examples:\n  mkunit graph\n" in project.run("graph", "--help").out


@pytest.mark.parametrize(("form", "suffix"), [("tree", "txt"), ("dot", "dot"), ("mermaid", "mmd"), ("svg", "svg")])
def test_drawing(shop: Project, form: str, suffix: str, snapshot: SnapshotAssertion) -> None:
    """Each form, the same every time."""

    class Own(Drawing):
        file_extension = suffix

    ended = shop.run("graph", "--format", form)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == snapshot(extension_class=Own)
    assert shop.run("graph", "--format", form) == ended


def test_svg_is_xml(shop: Project) -> None:
    """Every unit has a box, whose text is escaped."""
    root = ET.fromstring(shop.run("graph", "--format", "svg").out)
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert {"web.socket", "web.service", "db.service", "srv-my\\x20data.mount"} <= set(texts)


def test_json(shop: Project) -> None:
    """Nodes and edges as data; `--json` and the format are the same."""
    ended = shop.run("graph", "--json")
    assert ended == shop.run("graph", "--format", "json")
    found = json.loads(ended.out)
    assert {"name": "db.service", "scope": "system", "known": False, "description": None, "source": None,
            "kind": "service"} in found["nodes"]  # fmt: skip
    triggers = [(edge["source"], edge["target"]) for edge in found["edges"] if edge["relation"] == "triggers"]
    assert triggers == [("web.socket", "web.service"), ("clean.timer", "sweep.service")]
    assert found["rings"] == []


def test_ring(project: Project) -> None:
    """A ring of the order is marked in each form, and does not end the drawing."""
    project.write("units/ring.py", RING)
    tree = project.run("graph").out
    assert "ring of the order: b.service → a.service → c.service → b.service\n" in tree
    assert "a.service  (in a ring of the order" in tree
    assert json.loads(project.run("graph", "--json").out)["rings"] == [["b.service", "a.service", "c.service"]]
    assert "#c62828" in project.run("graph", "--format", "dot").out
    assert "linkStyle" in project.run("graph", "--format", "mermaid").out
    assert 'stroke="#c62828"' in project.run("graph", "--format", "svg").out


def test_unit_files(project: Project) -> None:
    """Plain unit files are drawn, too, without a project."""
    project.write("a.socket", "[Socket]\nListenStream=1\nService=b.service\n")
    project.write("b.service", "[Service]\nExecStart=/bin/b\n[Install]\nWantedBy=multi-user.target\n")
    out = project.run("graph", "a.socket", "b.service").out
    assert "a.socket\n└─ triggers b.service\n" in out


@pytest.mark.parametrize("name", ["web", "web.socket"])
def test_one_unit(shop: Project, name: str) -> None:
    """By its name: what starts it, what it starts, and its neighbours, and no others."""
    out = shop.run("graph", name).out
    assert "triggers web.service" in out
    assert "clean.timer" not in out
    nodes = json.loads(shop.run("graph", "--json", "sweep").out)["nodes"]
    assert {node["name"] for node in nodes} >= {"sweep.service", "clean.timer", "timers.target", "shop.slice"}
    assert "web.service" not in {node["name"] for node in nodes}


def test_no_such_name(shop: Project) -> None:
    """What the project has not may be installed, or is no unit at all."""
    assert shop.run("graph", "no-such-thing.service").code == 3
    assert shop.run("graph", "no-such-thing").code == 3


def test_names_cannot_leave_their_quotes(project: Project) -> None:
    """A name with a backslash stays in its label."""
    project.write("units/a.py", 'from mkunit import Mount\nMount("/a b", what="tmpfs", type="tmpfs")\n')
    assert 'label="a\\\\x20b.mount"' in project.run("graph", "--format", "dot").out
    assert '["a#92;x20b.mount"]' in project.run("graph", "--format", "mermaid").out


def test_terminal(shop: Project) -> None:
    """On a terminal it is painted, and not wider than its lines are."""
    text = shop.terminal("graph").text
    assert "triggers" in text
    assert "\x1b[32mweb.service" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == shop.run("graph").out
    assert "\x1b[" not in shop.terminal("graph", NO_COLOR="1").text


def test_failures(project: Project) -> None:
    """No units: exit code 3. A wrong format: 2. Units that do not load: 1."""
    assert project.run("graph").code == 3
    assert project.run("graph", "--format", "png").code == 2
    project.write("units/a.py", "1 / 0\n")
    assert project.run("graph").code == 1
