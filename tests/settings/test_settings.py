"""The settings are read from the nearest project, and what is wrong with them has its line."""

from pathlib import Path

import pytest

from mkunit.catalog import OLDEST
from mkunit.errors import Diagnostic, Origin, SettingsError
from mkunit.settings import Host, find


def write(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def wrong(folder: Path, text: str) -> Diagnostic:
    """The one complaint about a pyproject.toml."""
    write(folder, text)
    with pytest.raises(SettingsError) as caught:
        find(folder)
    assert caught.value.exit_code == 2
    (found,) = caught.value.diagnostics
    return found


def test_everything(tmp_path: Path) -> None:
    """Each setting, and hosts with parameters of their own."""
    write(
        tmp_path,
        """\
[project]
name = "shop"

[tool.mkunit]
units = "infra/units"
output = "out"
scope = "user"
systemd = 252

[tool.mkunit.params]
port = 8080

[tool.mkunit.hosts.web1]
port = 9090
systemd = 255

[tool.mkunit.hosts."web2.example.org"]
""",
    )
    found = find(tmp_path)
    assert (found.units, found.output) == (tmp_path / "infra/units", tmp_path / "out")
    assert (found.scope, found.systemd, found.params) == ("user", 252, {"port": 8080})
    assert found.hosts == {
        "web1": Host("web1", {"port": 9090}, 255),
        "web2.example.org": Host("web2.example.org", {}),
    }


def test_defaults(tmp_path: Path) -> None:
    """An empty table is enough."""
    write(tmp_path, "[tool.mkunit]\n")
    found = find(tmp_path)
    assert (found.units, found.output) == (tmp_path / "units", tmp_path / "build")
    assert (found.scope, found.systemd) == ("system", OLDEST)


def test_without_a_pyproject(tmp_path: Path) -> None:
    """A folder with `units` in it is a project."""
    (tmp_path / "units" / "deep").mkdir(parents=True)
    assert find(tmp_path / "units" / "deep").root == tmp_path


def test_from_a_subfolder(tmp_path: Path) -> None:
    """The project is found from any folder below, past other pyprojects and other folders called `units`."""
    write(tmp_path, '[tool.mkunit]\nunits = "infra/units"\n')
    (tmp_path / "infra" / "units").mkdir(parents=True)
    write(tmp_path / "infra", "[tool.ruff]\n")
    assert find(tmp_path / "infra" / "units").root == tmp_path


def test_nowhere(tmp_path: Path) -> None:
    """Where there is no project, it is the folder itself."""
    (tmp_path / "empty").mkdir()
    write(tmp_path, "[project]\nname = 'other'\n")
    assert find(tmp_path / "empty").root == tmp_path / "empty"


def test_a_units_folder_elsewhere(tmp_path: Path) -> None:
    """The units may be outside the project, or anywhere on the machine."""
    write(tmp_path, '[tool.mkunit]\nunits = "/srv/units"\n')
    assert find(tmp_path).units == Path("/srv/units")


def test_unknown_key(tmp_path: Path) -> None:
    """An unknown key has its line, and what was probably meant."""
    found = wrong(tmp_path, '[project]\nsystem = 1\n\n[tool.mkunit]\nunits = "units"\nsystem = 252\n')
    assert found == Diagnostic(
        "bad-settings", "`system` is not a setting of mkunit", "did you mean `systemd`?", Origin("pyproject.toml", 6)
    )


def test_unknown_key_like_no_other(tmp_path: Path) -> None:
    """Where nothing is near, all keys are told."""
    found = wrong(tmp_path, "[tool.mkunit]\nzzz = 1\n")
    assert (found.hint or "").startswith("the keys are units, output, scope, systemd, params, hosts")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("units = 1", "`units` is 1", 2),
        ('units = ""', "`units` is ''", 2),
        ('scope = "global"', "`scope` is 'global'", 2),
        ("scope = []", "`scope` is []", 2),
        ('systemd = "252"', "`systemd` is '252'", 2),
        ("systemd = true", "`systemd` is True", 2),
        ("systemd = 100", "`systemd` is 100", 2),
        ("params = 1", "`params` is 1", 2),
        ("[tool.mkunit.params]\nports = [1]", "`ports` in [tool.mkunit.params] is [1]", 3),
        ("hosts = 1", "`hosts` is 1", 2),
        ("[tool.mkunit.hosts]\nweb1 = 1", "the host `web1` is 1", 3),
        ('[tool.mkunit.hosts."a/b"]', "`a/b` is no host name", 2),
        ('[tool.mkunit.hosts.".."]', "`..` is no host name", 2),
        ("systemd = 252\n[tool.mkunit.hosts.web1]\nsystemd = 1", "`systemd` is 1", 4),
        ("[tool.mkunit.params]\nx = 1\n[tool.mkunit.hosts.a]\nx = {}", "`x` in [tool.mkunit.hosts.a] is {}", 5),
        ("hosts = { web1 = { x = [] } }", "`x` in [tool.mkunit.hosts.web1] is []", 2),
    ],
)  # fmt: skip
def test_wrong_value(tmp_path: Path, text: str, message: str, line: int) -> None:
    """A wrong value has its own line, whatever else has the same name, and a hint."""
    found = wrong(tmp_path, f"[tool.mkunit]\n{text}\n")
    assert (found.message, found.origin) == (message, Origin("pyproject.toml", line))
    assert found.hint


def test_no_table(tmp_path: Path) -> None:
    """`[tool]` with `mkunit = 1` is a mistake, not a project without settings."""
    assert wrong(tmp_path, "[tool]\nmkunit = 1\n").hint == "write it as a table: [tool.mkunit]"


def test_not_toml(tmp_path: Path) -> None:
    """What is no TOML has the line where it goes wrong."""
    found = wrong(tmp_path, "[project]\nname = \n")
    assert found == Diagnostic("bad-settings", "is not TOML: Invalid value", None, Origin("pyproject.toml", 2))


def test_not_text(tmp_path: Path) -> None:
    """A file that is no text is not TOML either."""
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError) as caught:
        find(tmp_path)
    assert "is not TOML" in str(caught.value)


def test_unknown_host(tmp_path: Path) -> None:
    """A host by a wrong name: what was meant, or which there are."""
    write(tmp_path, "[tool.mkunit.hosts.web1]\n[tool.mkunit.hosts.db]\n")
    with pytest.raises(SettingsError, match=r"there is no host `web`\n  hint: did you mean `web1`\?"):
        find(tmp_path).host("web")
    with pytest.raises(SettingsError, match="those that there are: `web1`, `db`"):
        find(tmp_path).host("zzzzzz")
