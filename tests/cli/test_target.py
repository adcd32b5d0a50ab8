"""`mkunit target` and `mkunit slice`: groups of units."""

import pytest
from oneoffs import match, wrong
from sandbox import Project
from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize("kind", ["target", "slice"])
def test_help(project: Project, kind: str) -> None:
    assert f"examples:\n  mkunit {kind} shop" in project.run(kind, "--help").out


def test_every_flag_of_a_target(project: Project, snapshot: SnapshotAssertion) -> None:
    flags = "--wants a.service --wants b.service --requires c.service --after c.service --before d.service"
    flags += " --conflicts e.service --allow-isolate --wanted-by graphical.target --system"
    match(project, snapshot, "target", "shop", *flags.split())


def test_every_flag_of_a_slice(project: Project, snapshot: SnapshotAssertion) -> None:
    flags = "--memory-max 2G --memory-high 1G --cpu-quota 150% --cpu-weight 50 --io-weight 50 --tasks-max 100"
    match(project, snapshot, "slice", "shop", *flags.split(), "--allowed-cpus", "0-3")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["target"], "the target has no name"),
        (["target", "shop", "--wants", "a"], "`--wants`: `a` is not the name of a unit"),
        (["target", "shop", "--wants", "a.service", "--set", "Wants=b.service"], "`--wants` and `--set` say the same"),
        (["target", "shop", "--exec", "x"], "unrecognized arguments"),
        (["slice"], "the slice has no name"),
        (["slice", "a--b"], "`a--b` is no unit name"),
        (["slice", "shop", "--memory-max", "much"], "`--memory-max`"),
    ],
)
def test_wrong_flags(project: Project, words: list[str], message: str) -> None:
    wrong(project, message, *words)


def test_nothing_to_enable(project: Project) -> None:
    """A slice has no [Install]: to enable it would do nothing, and look as if it had."""
    ended = project.run("slice", "shop", "--enable", "--dry-run")
    assert ended.code == 2
    assert "`shop.slice` has no [Install] section" in ended.err


def test_prompts(project: Project) -> None:
    assert project.terminal("target", answers=[("Name of the target: ", "a/b\n"), ("Name of", "shop\n")]).code == 0
    assert list(project.files()) == ["shop.target"]
