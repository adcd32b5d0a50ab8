"""Rings in the order of starting: each edge is named with the place that it comes from."""

from projects import found, graph

from mkunit.checker.ordering import rings
from mkunit.errors import Diagnostic
from mkunit.model.target import Target


def ring(text: str) -> Diagnostic:
    (one,) = (one for one in found(text) if one.code == "ordering-cycle")
    return one


def test_edges_are_named() -> None:
    """Both the lines that users wrote and what systemd adds, each with its line."""
    one = ring(
        'Service("app", exec_start="/a", restart="on-failure")\nSocket("web", listen=["127.0.0.1:1"],\nafter="app.service")'
    )
    assert one.message == (
        "the order of starting goes in a ring: `app.service` → `web.socket` → `sockets.target` → `basic.target` → `app.service`"
    )
    assert one.hint is not None
    assert "`After=` of `web.socket`, units/web.py:2" in one.hint
    assert "`sockets.target` waits for every socket by default, units/web.py:2" in one.hint
    assert "systemd's own `basic.target` waits for `sockets.target`;" in one.hint
    assert "a service waits for `basic.target` by default, units/web.py:1" in one.hint
    assert (one.unit, one.directive) == ("app.service", "After")


def test_default_dependencies_may_be_left_out() -> None:
    text = 'Service("app", exec_start="/a", default_dependencies=False)\nSocket("web", listen=[1], after="app.service")'
    assert not list(rings(graph(text), Target(252)))


def test_mount_on_the_way() -> None:
    """A unit waits for the mounts of the paths that it uses."""
    one = ring(
        'Mount("/srv/a", what="/dev/a", after="a.service")\nService("a", exec_start="/a", working_directory="/srv/a/b")'
    )
    assert one.hint is not None
    assert "`a.service` uses `/srv/a/b`" in one.hint


def test_slices() -> None:
    """A unit waits for its slice, and a slice for the one above."""
    one = ring('Slice("a", after="b.service")\nSlice("a-b")\nService("b", exec_start="/a", slice="a-b.slice")')
    assert (
        "`a.slice` → `a-b.slice` → `b.service`" in one.message or "`b.service` → `a.slice` → `a-b.slice`" in one.message
    )


def test_scopes_are_apart() -> None:
    """The system's `a` and the user's are two units."""
    text = 'Service("a", exec_start="/a", after="b.service")\nService("b", exec_start="/a", scope="user", after="a.service")'
    assert not list(rings(graph(text), Target(252)))


def test_each_knot_once() -> None:
    text = "\n".join(f'Service("a{n}", exec_start="/a", after="a{(n + 1) % 300}.service")' for n in range(300))
    (one,) = rings(graph(text), Target(252))
    assert one.message.count("→") == 300


def test_long_chains_are_no_trouble() -> None:
    """Thousands of units one after another; nothing here calls itself."""
    text = "\n".join(f'Service("a{n}", exec_start="/a", after="a{n + 1}.service")' for n in range(3000))
    assert not list(rings(graph(text), Target(252)))
