"""Who somebody is, and what they keep of another's environment."""

import os
import pwd
from pathlib import Path

import pytest

from mkunit.system import person
from mkunit.system.person import Person

NOBODY = Person("nobody", 65534, 65534, "/nonexistent")


def test_by_name_and_by_number() -> None:
    """As systemctl takes both."""
    name = pwd.getpwuid(os.getuid()).pw_name
    found = person.find(name)
    assert found is not None
    assert (found.uid, found, found.name in person.names()) == (os.getuid(), person.find(str(os.getuid())), True)


@pytest.mark.parametrize("name", ["nobody-of-that-name", "", "-1", "99999999999999999999", "kim\n", "٣"])
def test_nobody(name: str) -> None:
    """What is no user, is none."""
    assert person.find(name) is None


def test_environment() -> None:
    """What a login sets, and nothing that may be secret."""
    own = {
        "TOKEN": "x",
        "HOME": "/root",
        "LC_ALL": "C",
        "XDG_CONFIG_HOME": "/root/c",
        "TERM": "dumb",
        "SSH_AUTH_SOCK": "x",
    }
    assert NOBODY.environment(own) == {
        "HOME": "/nonexistent", "LC_ALL": "C", "LOGNAME": "nobody", "SHELL": "/bin/sh", "TERM": "dumb", "USER": "nobody",
        "XDG_RUNTIME_DIR": "/run/user/65534",
    }  # fmt: skip


def test_home(tmp_path: Path) -> None:
    """It must be there, be a folder, and be theirs."""
    own = Person("own", os.getuid(), os.getgid(), str(tmp_path))
    assert person.not_at_home(own) is None
    assert "No such file" in str(person.not_at_home(own._replace(home=str(tmp_path / "none"))))
    (tmp_path / "file").touch()
    assert "no folder" in str(person.not_at_home(own._replace(home=str(tmp_path / "file"))))
    assert "somebody else's" in str(person.not_at_home(own._replace(uid=os.getuid() + 1)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can find that out")
def test_closed(tmp_path: Path) -> None:
    """What somebody may not read, asked with their rights; afterwards root is root again."""
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "closed").mkdir(mode=0o700)
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    groups = os.getgroups()
    paths = [tmp_path / "open", tmp_path / "closed", tmp_path / "closed/below"]
    assert person.closed(NOBODY, paths) == [str(path) for path in paths[1:]]
    assert (os.geteuid(), os.getegid(), os.getgroups()) == (0, os.getgid(), groups)
