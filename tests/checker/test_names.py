"""Each name once in a scope."""

from mkunit import DropIn, Service, Target, Unit
from mkunit.checker import names
from mkunit.dsl.install import settle
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target as Machine


def check(*units: Unit) -> list[Diagnostic]:
    return list(names.duplicates(Graph.of(settle(units, "system")), Machine(252)))


def test_two_of_one_name() -> None:
    """The second is the wrong one, and says where the first is."""
    first = Target("web")
    second = Target("web")
    assert check(first, Target("other"), second) == [
        Diagnostic(
            "duplicate-unit",
            f"there are two units `web.target` in system scope: the other is at {first.origin}",
            "name one of them otherwise, or leave it out",
            second.origin,
            unit="web.target",
        )
    ]


def test_three_of_one_name() -> None:
    """Each but the first is an error."""
    assert len(check(Target("web"), Target("web"), Target("web"))) == 2


def test_kinds_and_scopes_are_apart() -> None:
    """The same name in another kind, or another scope, is another unit."""
    assert check(Target("web"), Service("web", exec_start="/bin/a"), Target("web", scope="user")) == []


def test_templates_and_instances_are_apart() -> None:
    """A template, an instance of it and a plain unit are three files."""
    assert check(*(Service(name, exec_start="/bin/a") for name in ("web", "web@", "web@blue"))) == []


def test_two_dropins_of_one_file() -> None:
    """Two drop-ins for a unit need two file names."""
    (found,) = check(DropIn("nginx.service", nice=1), DropIn("nginx.service", memory_max="1G"))
    assert "two drop-ins `nginx.service.d/50-mkunit.conf`" in found.message
    assert found.hint == "give each its own `file=`"


def test_dropins_of_two_files() -> None:
    """With two names they go together."""
    assert check(DropIn("nginx.service", nice=1), DropIn("nginx.service", nice=2, file="60-more.conf")) == []
