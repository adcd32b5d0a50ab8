"""`mkunit service`: a unit that runs a program, whose path and arguments are right."""

from pathlib import Path

import pytest
from oneoffs import lines, match, wrong
from sandbox import Project
from syrupy.assertion import SnapshotAssertion

TRUE = ("--exec", "/bin/true")


def test_help(project: Project) -> None:
    ended = project.run("service", "--help")
    assert ended.code == 0
    assert "examples:\n  mkunit service web" in ended.out


def test_every_curated_flag(project: Project, snapshot: SnapshotAssertion) -> None:
    """All flags together make a unit that systemd takes."""
    flags = "--type notify --user daemon --group daemon --workdir /srv --env-file=-/etc/web.env --restart on-failure"
    flags += " --restart-sec 5s --state-directory web --after network.target --after a.service --before b.service"
    flags += (
        " --wants c.service --requires a.service --wanted-by shop.target --env A=1 --cap-add net_bind_service --system"
    )
    match(
        project, snapshot, "service", "web", "--exec", "/usr/bin/env", "--arg", "a b", "--arg=$x 100%", *flags.split()
    )


def test_hardening(project: Project, snapshot: SnapshotAssertion) -> None:
    """A profile, and a capability that is kept in spite of it."""
    match(project, snapshot, "service", "web", *TRUE, "--hardening", "--cap-add", "CAP_NET_RAW", "--system")


def test_hardening_of_a_user(project: Project) -> None:
    """A user's systemd can take rights away only in a namespace of the user's own."""
    assert "PrivateUsers=yes" in lines(project, "service", "web", *TRUE, "--hardening")
    assert "PrivateUsers=yes" not in lines(project, "service", "web", *TRUE, "--hardening", "--system")
    assert "PrivateUsers=no" in lines(project, "service", "web", *TRUE, "--hardening", "--set", "PrivateUsers=no")


def test_bare_program(project: Project) -> None:
    """A program is looked up as a shell would, and shown."""
    ended = project.run("service", "web", "--exec", "cat -n", "--dry-run")
    assert "ExecStart=/usr/bin/cat -n\n" in ended.out
    assert ended.err == "`cat` is /usr/bin/cat\n"


def test_relative_program(project: Project) -> None:
    """A path is that of the folder that the command works in; what is a specifier to systemd is none in it."""
    place = project.write("100% own/run.sh", "#!/bin/sh\n")
    place.chmod(0o755)
    ended = project.run("service", "web", "--exec", '"./100%% own/run.sh" x', "--dry-run")
    assert f'ExecStart="{project.root}/100%% own/run.sh" x\n' in ended.out


def test_prefixes_stay(project: Project) -> None:
    """systemd's prefixes before the program are kept."""
    assert "ExecStart=-/usr/bin/cat x" in lines(project, "service", "web", "--exec", "-cat x")


def test_absolute_program_that_is_not_here(project: Project) -> None:
    """The unit may be for another machine: a warning, not an error."""
    ended = project.run("service", "web", "--exec", "/opt/none", "--dry-run")
    assert ended.code == 0
    assert "warning[no-program]: `--exec`: there is no `/opt/none` here" in ended.err


def test_capabilities(project: Project) -> None:
    """What is dropped, and all but what is added."""
    assert "CapabilityBoundingSet=~CAP_SYS_ADMIN" in lines(project, "service", "w", *TRUE, "--cap-drop", "sys_admin")
    found = lines(project, "service", "w", *TRUE, "--cap-drop", "all", "--cap-add", "CAP_KILL")
    assert {"AmbientCapabilities=CAP_KILL", "CapabilityBoundingSet=CAP_KILL"} <= set(found)
    assert "CapabilityBoundingSet=" in lines(project, "service", "w", *TRUE, "--cap-drop", "all")


def test_environment_is_data(project: Project) -> None:
    """A variable has exactly the value that was given."""
    assert 'Environment="A=b c%%"' in lines(project, "service", "w", *TRUE, "--env", "A=b c%")


def test_relative_paths(project: Project) -> None:
    """Folders and files start at the root in a unit."""
    found = lines(project, "service", "w", *TRUE, "--workdir", "./srv", "--env-file", "../x.env")
    assert f"WorkingDirectory={project.root}/srv" in found
    assert f"EnvironmentFile={project.root.parent}/x.env" in found


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "the service has no name"),
        (["w"], "`w` runs nothing"),
        (["w", "--exec", ""], "`--exec` is empty"),
        (["w", "--exec", "no-such-program"], "`--exec`: there is no program `no-such-program` here"),
        (["w", "--exec", "./none"], "/none` here"),
        (["w", "--exec", ".."], "`--exec`: "),
        (["w", "--exec", '"/bin/true'], "`--exec`"),
        (["w", "--exec", "/bin/cat x | /bin/cat"], "`--exec`: `|` is an argument"),
        (["w", "--arg", "x"], "`w` runs nothing"),
        (["w", *TRUE, "--arg", "\udcff"], "`--arg`: it is not valid Unicode"),
        (["w", *TRUE, "--type", "simpel"], "`--type`"),
        (["w", *TRUE, "--restart", "sometimes"], "`--restart`"),
        (["w", *TRUE, "--restart-sec", "soon"], "`--restart-sec`"),
        (["w", *TRUE, "--env", "A"], "`--env A` is no assignment"),
        (["w", *TRUE, "--env", "A=1", "--env", "A=2"], "`--env`: `A` is given twice"),
        (["w", *TRUE, "--env", "1A=1"], "`--env`"),
        (["w", *TRUE, "--after", "network"], "`--after`: `network` is not the name of a unit"),
        (["w", *TRUE, "--cap-add", "FLY"], "`--cap-add`"),
        (["w", *TRUE, "--cap-add", "KILL", "--cap-drop", "kill"], "`CAP_KILL` is added and dropped"),
        (["w", *TRUE, "--hardening", "strong"], "`--hardening`"),
        (["w", *TRUE, "--user", "x"], "`--user`: your own systemd cannot run a service as somebody else"),
        (["w", *TRUE, "--workdir", ""], "`--workdir` is empty"),
        (["w", *TRUE, "--set", "ExecStart=/bin/b"], "`--exec` and `--set` say the same"),
        (["w", *TRUE, "--env", "A=1", "--set", "Environment=B=2"], "`--env` and `--set` say the same"),
        (["w", *TRUE, "--memory-max", "1G"], "unrecognized arguments: --memory-max"),
        (["w", *TRUE, "--user"], "argument --user: expected one argument"),
    ],
)  # fmt: skip
def test_wrong_flags(project: Project, flags: list[str], message: str) -> None:
    """One message that names the flag; exit code 2, nothing written."""
    wrong(project, message, "service", *flags)


@pytest.mark.parametrize("flag", ["--workdir", "-o"])
def test_no_control_character_reaches_the_terminal(project: Project, flag: str) -> None:
    """A path that is shown cannot command the terminal."""
    ended = project.run("service", "w", *TRUE, flag, "a\x1b[2Jb")
    assert "\x1b" not in ended.err
    assert "a\\x1b[2Jb" in ended.err


def test_hint_to_other_directives(project: Project) -> None:
    """A flag that is a directive's keyword is to be had by `--set`."""
    assert "hint: write `--set MemoryMax=…`" in wrong(project, "", "service", "w", *TRUE, "--memory-max", "1G")
    assert "did you mean `--exec`?" in wrong(project, "", "service", "w", "--exek", "x")


def test_not_executable(project: Project) -> None:
    project.write("run.sh", "")
    ended = project.run("service", "w", "--exec", "./run.sh")
    assert ended.code == 2
    assert f"chmod +x {project.root}/run.sh" in ended.err


def test_prompts(project: Project) -> None:
    """The command is asked for, and a wrong one explained at once."""
    answers = [
        ("Name of the service: ", "web\n"),
        ("Command to run: ", "no-such-program\n"),
        ("Command to run: ", "cat\n"),
    ]
    seen = project.terminal("service", answers=answers)
    assert seen.code == 0
    assert "there is no program `no-such-program` here" in seen.text
    assert "ExecStart=/usr/bin/cat\n" in project.read("web.service")


def test_ctrl_c(project: Project) -> None:
    """Nothing is written, and nothing is complained of."""
    seen = project.terminal("service", "web", answers=[("Command to run: ", "\x03")])
    assert (seen.code, project.files(), "Traceback" in seen.text) == (130, {}, False)


def test_python(project: Project) -> None:
    """The units file builds the same unit again."""
    flags = ("service", "web", *TRUE, "--env", "A=b c%", "--restart", "always")
    project.write("units/web.py", project.run(*flags, "--python", "--dry-run").out)
    assert project.run("build", "--user").code == 0
    built = (project.root / "build/user/web.service").read_text().split("\n")[1:]
    assert built == project.run(*flags, "--dry-run").out.split("\n")[1:]


def test_output_into_a_folder(project: Project) -> None:
    (project.root / "out").mkdir()
    assert project.run("service", "web", *TRUE, "-o", "out") == (0, "", f"new {Path('out/web.service')}\n")
