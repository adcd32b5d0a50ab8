"""What `mkunit check` does with its findings: formats, choices, ignores, baselines, and mends."""

import json
import shutil
from pathlib import Path

import pytest

from mkunit.cli.main import main

Capture = pytest.CaptureFixture[str]
UNITS = """\
from mkunit import Service, Socket

db = Service("db", exec_start="/usr/bin/db", restart="on-failure")

Service(
    "api",
    exec_start="/usr/bin/api",
    requires=db,  # the database
    restart="on-failure",
)
Socket("web", listen=["127.0.0.1:8080"], socket_mode=0o660)
"""


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("units").mkdir()
    settings()
    units(UNITS)


def settings(*lines: str) -> None:
    Path("pyproject.toml").write_text("\n".join(["[tool.mkunit]", "systemd = 252", "[tool.mkunit.check]", *lines, ""]))


def units(text: str) -> None:
    Path("units/web.py").write_text(text)


def codes(capsys: Capture, *words: str) -> list[str]:
    main(["check", "--json", "-q", *words])
    return [one["code"] for one in json.loads(capsys.readouterr().out)]


def test_place_is_the_keyword(capsys: Capture) -> None:
    """Not the builder's first line, but the one that is wrong."""
    main(["check"])
    assert "units/web.py:8: warning[requires-without-after]" in capsys.readouterr().err


def test_exit_codes() -> None:
    """Warnings fail with `--strict` only, which the settings may ask for."""
    assert main(["check"]) == 0
    assert main(["check", "--strict"]) == 1
    settings("strict = true")
    assert main(["check"]) == 1


def test_select_and_ignore(capsys: Capture) -> None:
    assert codes(capsys) == ["requires-without-after", "owner-needs-path"]
    assert codes(capsys, "--select", "owner-needs-path") == ["owner-needs-path"]
    assert codes(capsys, "--ignore", "owner-needs-path,bare-command") == ["requires-without-after"]
    settings('ignore = ["requires-without-after"]')
    assert codes(capsys) == ["owner-needs-path"]
    assert codes(capsys, "--ignore", "owner-needs-path") == []


def test_code_that_is_none(capsys: Capture) -> None:
    assert main(["check", "--ignore", "owner-needs-pat"]) == 2
    assert "did you mean `owner-needs-path`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('selct = ["a"]', "did you mean `select`?"),
        ('select = "bare-port-is-public"', "write a list of codes"),
        ("strict = 1", "write true or false"),
        ("baseline = 3", "write the name of a file"),
    ],
)
def test_wrong_settings(line: str, hint: str, capsys: Capture) -> None:
    settings(line)
    assert main(["check"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("pyproject.toml:4: ")
    assert hint in err


def test_notes_are_shown_on_request(capsys: Capture) -> None:
    """A note is counted, and told with `-v` or when it is asked for; data has it always."""
    units('from mkunit import Socket\nSocket("web", listen=[8080])\n')
    assert main(["check", "--strict"]) == 0
    assert capsys.readouterr().err == "1 note for systemd 252 (-v shows the notes)\n"
    main(["check", "-v"])
    assert "info[bare-port-is-public]" in capsys.readouterr().err
    main(["check", "--select", "bare-port-is-public"])
    assert "info[bare-port-is-public]" in capsys.readouterr().err
    assert codes(capsys) == ["bare-port-is-public"]


def test_github(capsys: Capture) -> None:
    main(["check", "--format", "github", "-q"])
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("::warning file=units/web.py,line=8,title=requires-without-after::`api.service` does not")
    assert "%0Aadd `after=" in first


def test_sarif(capsys: Capture) -> None:
    main(["check", "--format", "sarif", "-q"])
    document = json.loads(capsys.readouterr().out)
    (run,) = document["runs"]
    assert document["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["owner-needs-path", "requires-without-after"]
    (first, _) = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("requires-without-after", 1, "warning")
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "units/web.py"}, "region": {"startLine": 8}}


@pytest.mark.parametrize(
    "old, new",
    [
        ("# the database", "# mkunit: ignore[requires-without-after]"),
        ("# the database", "# the database  # mkunit: ignore[bare-command, requires-without-after]"),
        ("Service(\n", "Service(  # mkunit: ignore[requires-without-after]\n"),
        ("    requires=db,", "    # mkunit: ignore[requires-without-after]\n    requires=db,"),
        ("Service(\n", "# mkunit: ignore[requires-without-after]\nService(\n"),
    ],
)
def test_ignored(old: str, new: str, capsys: Capture) -> None:
    """At the end of the line, on the first line of the call, or above either."""
    units(UNITS.replace(old, new))
    assert [code for code in codes(capsys) if code != "unused-ignore"] == ["owner-needs-path"]


def test_ignored_in_the_build_too() -> None:
    """What is certain is said there as well, unless the user has taken it back."""
    text = 'from mkunit import Socket\nSocket("a", listen=["[::1]:80"])\nSocket("b", listen=["[::1]:80"])'
    units(text)
    assert main(["build"]) == 1
    units(f"{text}  # mkunit: ignore[duplicate-address]\n")
    assert main(["build"]) == 0


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("# mkunit: ignore[owner-needs-path]", "unused-ignore"),
        ("# mkunit: ignore[nonsense]", "unknown-ignore"),
        ("# mkunit: ignore", "unknown-ignore"),
        ("# mkunit: ignore[]", "unknown-ignore"),
        ("# mkunit: ignroe[owner-needs-path]", "unknown-ignore"),
    ],
)
def test_idle_ignore(comment: str, code: str, capsys: Capture) -> None:
    """An ignore that hides nothing is found itself."""
    units(f'from mkunit import Slice\nSlice("a", memory_max="1G")  {comment}\n')
    assert codes(capsys) == [code]


def test_ignore_in_unit_file(capsys: Capture) -> None:
    """Above the line, or above everything."""
    body = "[Service]\nExecStart=/usr/bin/app\nRestart=always\n"
    Path("app.service").write_text(body)
    assert codes(capsys, "app.service") == ["restart-gives-up"]
    Path("app.service").write_text(body.replace("Restart=", "# mkunit: ignore[restart-gives-up]\nRestart="))
    assert codes(capsys, "app.service") == []
    Path("app.service").write_text(f"# mkunit: ignore[restart-gives-up]\n{body}")
    assert codes(capsys, "app.service") == []


def test_baseline(capsys: Capture) -> None:
    """What was there is not told of, whatever line it is on now; what is new is; what is gone is counted."""
    assert main(["check", "--baseline", "known.json"]) == 2
    assert "--update-baseline" in capsys.readouterr().err
    assert main(["check", "--baseline", "known.json", "--update-baseline"]) == 0
    before = Path("known.json").read_text()
    assert main(["check", "--baseline", "known.json", "--strict"]) == 0
    units("\n\n" + UNITS)
    assert main(["check", "--baseline", "known.json", "--strict"]) == 0
    units(UNITS.replace(", socket_mode=0o660", ', wanted_by="multi-user.target"'))
    capsys.readouterr()
    assert main(["check", "--baseline", "known.json", "--strict"]) == 1
    err = capsys.readouterr().err
    assert "socket-wantedby" in err
    assert "requires-without-after" not in err
    assert "1 of the baseline's findings are gone" in err
    assert Path("known.json").read_text() == before
    settings('baseline = "known.json"')
    assert codes(capsys) == ["socket-wantedby"]


def test_update_without_baseline() -> None:
    assert main(["check", "--update-baseline"]) == 2


def test_fix_shows_a_diff_first(capsys: Capture) -> None:
    """Without a yes nothing is written."""
    assert main(["check", "--fix"]) == 0
    assert '+    after="db.service",' in capsys.readouterr().err
    assert Path("units/web.py").read_text() == UNITS


def test_fix(capsys: Capture) -> None:
    """Only what is wrong changes; comments and layout stay."""
    assert main(["check", "--fix", "--yes", "--strict"]) == 0
    expected = UNITS.replace(", socket_mode=0o660", "").replace(
        '    restart="on-failure",\n)', '    restart="on-failure",\n    after="db.service",\n)'
    )
    assert Path("units/web.py").read_text() == expected
    capsys.readouterr()
    assert codes(capsys) == []


def test_fix_unit_file(capsys: Capture) -> None:
    text = (
        "# mine\n[Unit]\nRequires=db.service\n\n[Service]\nExecStart=/usr/bin/app\nRestart=on-failure\nMemoryLimit=1G\n"
    )
    Path("app.service").write_text(text)
    assert main(["check", "--fix", "--yes", "--strict", "app.service"]) == 0
    expected = text.replace("db.service\n", "db.service\nAfter=db.service\n").replace("MemoryLimit", "MemoryMax")
    assert Path("app.service").read_text() == expected
    assert codes(capsys, "app.service") == []


def test_machine(capsys: Capture) -> None:
    """This machine's files and accounts are asked about only on request."""
    units('from mkunit import Service\nService("a", exec_start="/no/such/program", restart="always", restart_sec=1)\n')
    assert codes(capsys) == []
    assert codes(capsys, "--machine") == ["missing-executable"]


def test_machine_that_has_all(capsys: Capture) -> None:
    units('from mkunit import Service\nService("a", exec_start="/bin/sh -c true", user="root", restart="on-failure")\n')
    assert codes(capsys, "--machine") == []


def test_folder_of_unit_files(capsys: Capture) -> None:
    """A folder without Python is one of unit files, which see each other."""
    Path("files").mkdir()
    for name in "ab":
        Path(f"files/{name}.socket").write_text("[Socket]\nListenStream=[::1]:80\n")
        Path(f"files/{name}.service").write_text("[Service]\nExecStart=/usr/bin/a\n")
    assert codes(capsys, "files") == ["duplicate-address"]


def test_mode_of_a_unit_file(capsys: Capture) -> None:
    Path("a.service").write_text("[Service]\nExecStart=/usr/bin/a\n")
    for mode, expected in ((0o644, []), (0o755, ["file-mode"]), (0o666, ["file-mode"])):
        Path("a.service").chmod(mode)
        assert codes(capsys, "a.service") == expected


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
def test_verify(capsys: Capture) -> None:
    """What this machine's systemd says is told at the directive's line, and nothing twice."""
    units(
        'from mkunit import Service\nService(\n    "a",\n    exec_start="/no/such/program",\n    restart="on-failure",\n)\n'
    )
    main(["check", "--verify", "--json", "-q"])
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["code"], one["severity"], one["unit"], one["path"]) == (
        "verify",
        "warning",
        "a.service",
        "units/web.py",
    )
    assert "/no/such/program" in one["message"]
    Path("a.service").write_text("[Service]\nExecStart=/bin/sh\nWombat=1\nNice=500\n")
    assert codes(capsys, "--verify", "a.service") == ["unknown-directive", "bad-value"]


def test_hosts(capsys: Capture) -> None:
    """All of them at once; what holds for several is said once."""
    units("from mkunit import Socket, param\nSocket(\"web\", listen=[f\"{param('address', '127.0.0.1')}:80\"])\n")
    hosts = '[tool.mkunit]\nsystemd = 252\n[tool.mkunit.hosts.a]\naddress = "10.0.0.1"\n[tool.mkunit.hosts.b]\n'
    Path("pyproject.toml").write_text(hosts)
    assert codes(capsys) == []
    assert codes(capsys, "--all-hosts") == ["address-needs-freebind"]
    assert codes(capsys, "--host", "b") == []


def test_masks(capsys: Capture) -> None:
    """A mask in a folder is meant; named by itself it is said what it is."""
    Path("files").mkdir()
    Path("files/a.service").symlink_to("/dev/null")
    Path("files/b.service").write_text("[Service]\nExecStart=/usr/bin/b\n")
    assert codes(capsys, "files") == []
    assert codes(capsys, "files/a.service") == ["masked-unit"]


def test_machine_is_asked_by_the_unit_itself(capsys: Capture) -> None:
    """A program that may be missing, as the unit's own condition says."""
    text = "[Unit]\nConditionPathExists=/no/such\n[Service]\nExecStart=/no/such\nRestart=on-failure\n"
    Path("a.service").write_text(text)
    assert codes(capsys, "--machine", "a.service") == []
