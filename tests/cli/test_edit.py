"""`mkunit edit` with a person at the terminal, `show` and `link`, in the unit folder of a user; no systemd runs."""

import re
import shutil
from pathlib import Path

import pytest
from sandbox import Project

SLEEP = "[Service]\nExecStart=/usr/bin/sleep 1000\n"
# Spoils the file the first time, and mends it the second.
TWICE = """#!/bin/sh
if grep -q ExecStrat "$1"; then sed -i 's/ExecStrat/ExecStart/; s/1000/2000/' "$1"; else sed -i s/ExecStart/ExecStrat/ "$1"; fi
"""
AGAIN = "Edit it again, or discard it? [E/d] [e]: "


@pytest.fixture
def own(project: Project) -> Project:
    """A user's service, in a configuration folder of the test's own."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze, which knows where units are")
    project.write("config/systemd/user/web.service", SLEEP)
    return project


def environment(project: Project, script: str = "") -> dict[str, str]:
    """Where the units are, and an editor."""
    editor = project.write("my editor", script or "#!/bin/sh\n")
    editor.chmod(0o755)
    return {"XDG_CONFIG_HOME": str(project.root / "config"), "XDG_RUNTIME_DIR": str(project.root), "VISUAL": "",
            "XDG_STATE_HOME": str(project.root / "state"), "EDITOR": f"'{editor}'"}  # fmt: skip


@pytest.mark.parametrize("name", ["show", "edit", "link", "logs"])
def test_help(project: Project, name: str) -> None:
    assert f"examples:\n  mkunit {name} " in project.run(name, "--help").out


def test_edited_again(own: Project) -> None:
    """What is wrong is shown with its line, and the same text edited again."""
    seen = own.terminal("edit", "web", answers=[(AGAIN, "\n")], **environment(own, TWICE))
    assert seen.code == 0
    assert "did you mean" in seen.text
    assert "ExecStrat=/usr/bin/sleep 1000" in re.sub(r"\x1b\[[0-9;]*m", "", seen.text)
    assert own.read("config/systemd/user/web.service") == SLEEP.replace("1000", "2000")


@pytest.mark.parametrize(("key", "code"), [("d\n", 1), ("\x03", 130), ("\x04", 130)])
def test_discarded(own: Project, key: str, code: int) -> None:
    """Whoever gives up leaves the file as it was, and no copy behind."""
    seen = own.terminal(
        "edit", "web", answers=[(AGAIN, key)], **environment(own, TWICE), TMPDIR=str(own.root / "config")
    )
    assert (seen.code, "Traceback" in seen.text) == (code, False)
    assert list(own.files()) == ["config/systemd/user/web.service", "my editor"]
    assert own.read("config/systemd/user/web.service") == SLEEP


def test_ctrl_c_is_the_editors(own: Project) -> None:
    """An editor does what it likes with Ctrl-C; mkunit waits for it."""
    script = "#!/bin/sh\ntrap 'echo caught' INT\necho waiting\nsleep 1\nsed -i s/1000/2000/ \"$1\"\n"
    seen = own.terminal("edit", "web", answers=[("waiting", "\x03")], **environment(own, script))
    assert (seen.code, "caught" in seen.text) == (0, True)
    assert "2000" in own.read("config/systemd/user/web.service")


def test_no_editor(own: Project) -> None:
    for editor in ("'", "/nowhere/vi"):
        ended = own.shell("edit", "web", **(environment(own) | {"EDITOR": editor}))
        assert ended.code == 2
        assert "$EDITOR" in ended.err


def test_painted(own: Project) -> None:
    """On a terminal the file has colours; what would move the cursor is shown as an escape."""
    own.write("config/systemd/user/web.service", f"# \x1b[2J\n{SLEEP}")
    seen = own.terminal("show", "web", **environment(own))
    assert seen.code == 0
    assert "\x1b[2J" not in seen.text
    assert "\\x1b[2J" in seen.text
    assert own.shell("show", "web", **environment(own)).out.endswith(SLEEP)


def test_link(own: Project) -> None:
    """A link to where the file is; the file is not touched."""
    own.write("mine.service", SLEEP)
    ended = own.shell("link", "mine.service", **environment(own))
    place = own.root / "config/systemd/user/mine.service"
    assert (ended.code, place.readlink()) == (0, own.root / "mine.service")
    assert "would" not in ended.err
    assert own.shell("link", "--dry-run", "mine.service", **environment(own)).err == f"unchanged {place}\n"


def test_link_of_what_is_wrong(own: Project) -> None:
    own.write("mine.service", "[Service]\n")
    assert own.shell("link", "mine.service", **environment(own)).code == 1
    assert not Path(own.root, "config/systemd/user/mine.service").exists()
