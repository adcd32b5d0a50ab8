"""`mkunit mount`, `automount` and `swap`: units that are named after paths."""

import pytest
from oneoffs import lines, match, wrong
from sandbox import Project
from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize("kind", ["mount", "automount", "swap"])
def test_help(project: Project, kind: str) -> None:
    assert f"examples:\n  mkunit {kind} /" in project.run(kind, "--help").out


def test_every_curated_flag(project: Project, snapshot: SnapshotAssertion) -> None:
    flags = (
        "--what /dev/sdb1 --type ext4 --options noatime --options ro,nodev --timeout 5s --lazy-unmount --force-unmount"
    )
    match(project, snapshot, "mount", "/mnt/my data", *flags.split(), "--directory-mode", "0750")


def test_automount_beside_it(project: Project, snapshot: SnapshotAssertion) -> None:
    """Both units; the automount is what starts, and is wanted by the network's target where the mount needs that."""
    flags = "--what server:/share --type nfs --automount --idle-timeout 10min"
    match(project, snapshot, "mount", "/srv/share", *flags.split())


def test_automount_with_its_mount(project: Project, snapshot: SnapshotAssertion) -> None:
    flags = "--what /dev/sdb1 --type ext4 --options noatime --timeout 10min --directory-mode 0700"
    match(project, snapshot, "automount", "/mnt/x", *flags.split())


def test_swap(project: Project, snapshot: SnapshotAssertion) -> None:
    match(project, snapshot, "swap", "/swapfile", "--priority", "10", "--options", "discard", "--timeout", "1min")


def test_they_are_the_systems(project: Project) -> None:
    """`--system` need not be said, and may be."""
    flags = ("mount", "/mnt/x", "--what", "/dev/sdb1")
    assert "WantedBy=local-fs.target" in lines(project, *flags)
    assert lines(project, *flags) == lines(project, *flags, "--system")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mount"], "the mount has no mount point"),
        (["mount", "/x"], "nothing is to be mounted on `/x`"),
        (["mount", "mnt-x.mount", "--what", "/dev/sdb"], "a mount takes an absolute path"),
        (["mount", "/x", "--what", "/dev/sdb", "--idle-timeout", "1h"], "`--idle-timeout` has no effect without"),
        (["mount", "/x", "--what", "/dev/sdb", "--options", "ro", "--set", "Options=ro"], "`--options` and `--set`"),
        (["mount", "/x", "--what", "/dev/sdb", "--timeout", "never ever"], "`--timeout`"),
        (["automount"], "the automount has no mount point"),
        (["automount", "/x", "--type", "nfs"], "`--type` has no effect without `--what`"),
        (["automount", "/x", "--timeout", "soon"], "`--timeout`"),
        (["swap"], "the swap has no device"),
        (["swap", "swapfile"], "a swap takes an absolute path"),
        (["swap", "/swapfile", "--priority", "high"], "`--priority`"),
    ],
)
def test_wrong_flags(project: Project, words: list[str], message: str) -> None:
    wrong(project, message, *words)


def test_prompts(project: Project) -> None:
    """A path that cannot be is explained at once."""
    answers = [("Folder to mount on: ", "x\n"), ("Folder to mount on: ", "/mnt/x\n"), ("What to mount", "tmpfs\n")]
    seen = project.terminal("mount", answers=answers)
    assert seen.code == 0
    assert "takes an absolute path" in seen.text
    assert "What=tmpfs\n" in project.read("mnt-x.mount")
    assert project.terminal("swap", answers=[("Device or file to swap on: ", "/s\n")]).code == 0
