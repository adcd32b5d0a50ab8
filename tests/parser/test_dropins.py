"""Drop-ins: in which folders they are looked for, which hide others, and in which order they hold."""

from pathlib import Path

import pytest

from mkunit.parser import aliases, find, load, merge, ordered, parse
from mkunit.parser.dropins import candidates


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.service", ["a.service"]),
        ("a-b-c.service", ["a-b-c.service", "a-b-.service", "a-.service"]),
        ("a-b-.service", ["a-b-.service", "a-.service"]),
        ("-a.service", ["-a.service"]),
        ("-.slice", ["-.slice"]),
        ("t@i.service", ["t@i.service", "t@.service"]),
        ("not a name", ["not a name"]),
    ],
)
def test_candidates(name: str, expected: list[str]) -> None:
    """A unit's own name, its template's, and those of its prefixes."""
    assert list(candidates(name)) == expected


def write(root: Path, *names: str, text: str = "[Unit]\n") -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_order(tmp_path: Path) -> None:
    """Files hold in the order of their names, over all folders; `.txt` and hidden files do not count."""
    write(
        tmp_path,
        "usr/a.service.d/40.conf",
        "etc/a.service.d/50.conf",
        "etc/a.service.d/20.conf",
        "usr/service.d/30.conf",
    )
    write(tmp_path, "etc/a.service.d/60.txt", "etc/a.service.d/.10.conf", "etc/a.d/10.conf")
    found = ordered(["a.service"], [tmp_path / "etc", tmp_path / "usr"])
    assert [str(file.relative_to(tmp_path)) for file in found] == [
        "etc/a.service.d/20.conf", "usr/service.d/30.conf", "usr/a.service.d/40.conf", "etc/a.service.d/50.conf"
    ]  # fmt: skip


def test_same_name(tmp_path: Path) -> None:
    """Of files of one name the stronger folder's counts, then the more specific one's; a mask hides them."""
    write(
        tmp_path,
        "usr/a-b.service.d/1.conf",
        "etc/a-.service.d/1.conf",
        "etc/a-b.service.d/2.conf",
        "etc/a-.service.d/2.conf",
    )
    write(
        tmp_path,
        "usr/service.d/3.conf",
        "etc/a-b.service.d/4.conf",
        "usr/a-b.service.d/4.conf",
        "usr/a-b.service.d/5.conf",
    )
    write(tmp_path, "etc/a-b.service.d/4.conf", text="")
    (tmp_path / "etc/service.d").mkdir()
    (tmp_path / "etc/a-b.service.d/5.conf").symlink_to("/dev/null")
    found = ordered(["a-b.service"], [tmp_path / "etc", tmp_path / "usr"])
    assert [str(file.relative_to(tmp_path)) for file in found] == [
        "etc/a-.service.d/1.conf", "etc/a-b.service.d/2.conf", "usr/service.d/3.conf"
    ]  # fmt: skip


def test_aliases(tmp_path: Path) -> None:
    """Links that lead to a unit, over other links too, are names of it; links of another kind are not."""
    write(tmp_path, "a.service")
    for name, target in (
        ("b.service", "a.service"),
        ("c.service", "b.service"),
        ("d.socket", "a.service"),
        ("e.service", "/x"),
    ):
        (tmp_path / name).symlink_to(target)
    assert aliases("a.service", [tmp_path]) == ["b.service", "c.service"]


def test_find(tmp_path: Path) -> None:
    """The first folder wins; an instance has its template's file where it has none of its own."""
    write(tmp_path, "etc/t@.service", "usr/t@x.service", "usr/a.service", "etc/a.service")
    folders = [tmp_path / "etc", tmp_path / "nowhere", tmp_path / "usr"]
    assert find("a.service", folders) == tmp_path / "etc/a.service"
    assert find("t@x.service", folders) == tmp_path / "usr/t@x.service"
    assert find("t@y.service", folders) == tmp_path / "etc/t@.service"
    assert find("b.service", folders) is None
    assert find("no name", folders) is None


def test_merge() -> None:
    """Drop-ins come after all that stands in the unit's own file."""
    own = parse(b"[Unit]\nA=1\n", "a.service", "a.service").unit
    more = parse(b"[Unit]\nA=2\n", "a.service", "a.service.d/1.conf", "1.conf").unit
    assert [(e.value, e.origin and e.origin.path) for e in merge(own, [more]).entries] == [
        ("1", "a.service"), ("2", "a.service.d/1.conf")
    ]  # fmt: skip


def test_load(tmp_path: Path) -> None:
    """A unit file is read with the drop-ins beside it, and their paths are as the user gave the file's."""
    write(tmp_path, "a.service", "a.service.d/1.conf", text="[Unit]\nDescription=x\n")
    found = load(tmp_path / "a.service", "there/a.service")
    assert found.unit is not None
    assert [e.origin and e.origin.path for e in found.unit.entries] == ["there/a.service", "there/a.service.d/1.conf"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.service", "", "masked-unit"),
        ("a.txt", "x", "bad-name"),
        ("a b.service", "x", "bad-name"),
        ("-y-.slice", "x", "bad-name"),
        ("foo.d/1.conf", "x", "bad-name"),
        ("1.conf", "x", "bad-name"),
    ],
)
def test_trouble(tmp_path: Path, name: str, text: str, code: str) -> None:
    """What systemd would never read as a unit is told, and not judged."""
    write(tmp_path, name, text=text)
    found = load(tmp_path / name, name)
    assert (found.unit, [trouble.code for trouble in found.diagnostics]) == (None, [code])


@pytest.mark.parametrize("folder", ["nginx.service.d", "service.d", "user-.slice.d", "t@.service.d"])
def test_drop_in_by_itself(tmp_path: Path, folder: str) -> None:
    """A drop-in can be read without its unit, of a kind or of a prefix too."""
    write(tmp_path, f"{folder}/1.conf")
    found = load(tmp_path / folder / "1.conf", "1.conf")
    assert found.unit is not None
    assert found.unit.dropin == "1.conf"


def test_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.service").mkdir()
    assert [trouble.code for trouble in load(tmp_path / "a.service", "a").diagnostics] == ["unreadable-file"]
