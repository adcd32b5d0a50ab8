"""Units that a project masks, on the real systemd."""

import json

from bench import FOLDER, Project

VENDOR = "/usr/lib/systemd/system"


def install(project: Project, name: str, more: str = "") -> None:
    """A vendor's unit, which runs."""
    text = f"[Service]\nExecStart=/usr/bin/sleep 1000\n{more}"
    project.machine.write(f"{VENDOR}/{name}.service", text)
    project.machine.run("systemctl", "daemon-reload")
    project.start(f"{name}.service")


def target(project: Project, name: str) -> str:
    return project.machine.run("readlink", f"{FOLDER}/{name}.service", check=False).stdout.strip()


def test_vendors_service(project: Project) -> None:
    """It stops by its own definition, nobody starts it, and everything comes back where the mask goes."""
    install(project, "k1", "ExecStop=/usr/bin/touch /run/k1-stopped\n")
    said = " ".join(project.apply('Service("k1", masked=True)').split())
    assert "stop k1.service: it is masked" in said
    assert "# masked: it is a link to /dev/null" in said
    assert project.machine.path("/run/k1-stopped").exists()
    assert target(project, "k1") == "/dev/null"
    assert "masked" in project.machine.run("systemctl", "start", "k1", check=False).stderr
    assert project.mkunit("plan", "--exit-code").returncode == 0
    rows = json.loads(project.mkunit("list", "--json").stdout)["units"]
    row = next(row for row in rows if row["unit"] == "k1.service")
    assert (row["enabled"], row["files"]) == ("masked", "as applied")
    project.apply('Target("nothing")')
    assert target(project, "k1") == ""
    project.start("k1.service")


def test_taken_back(project: Project) -> None:
    """Where something else fails, the mask is gone and the unit runs again; a rollback does the same."""
    install(project, "k2")
    project.apply('Target("k2t")')
    broken = 'Service("k2b", exec_start="/usr/bin/false", ensure="running")'
    project.apply(f'Service("k2", masked=True)\nTarget("k2t")\n{broken}', code=7)
    assert (target(project, "k2"), project.state("k2.service")) == ("", "active")
    project.apply('Service("k2", masked=True)\nTarget("k2t")')
    assert project.state("k2.service") == "inactive"
    project.mkunit("rollback", "--yes", "--settle", "0.3")
    assert target(project, "k2") == ""


def test_mask_of_our_own_unit_and_away_again(project: Project) -> None:
    """From a file to a mask, its link that enables it gone, and to a file that runs."""
    text = 'Service("k3", exec_start="/usr/bin/sleep 1000", ensure="running", wanted_by="machine.target")'
    project.apply(text)
    project.apply('Service("k3", masked=True)')
    assert (target(project, "k3"), project.state("k3.service")) == ("/dev/null", "inactive")
    assert not project.machine.path(f"{FOLDER}/machine.target.wants/k3.service").is_symlink()
    project.apply(text)
    assert (target(project, "k3"), project.state("k3.service")) == ("", "active")


def test_template(project: Project) -> None:
    """All its instances stop."""
    project.apply('Service("k4@", exec_start="/usr/bin/sleep 1000")')
    project.start("k4@a.service", "k4@b.service")
    project.apply('Service("k4@", masked=True)')
    assert {project.state(f"k4@{name}.service") for name in "ab"} == {"inactive"}


def test_whose_mask_it_is(project: Project) -> None:
    """The administrator's is no obstacle to ours, and stays for any other file; ours that became a file is drift."""
    project.machine.run("systemctl", "mask", "--quiet", "k5.service")
    said = project.apply('Service("k5", exec_start="/usr/bin/sleep 9")', code=9)
    assert "masked-unit" in said
    project.apply('Service("k5", masked=True)')
    project.machine.run("systemctl", "unmask", "--quiet", "k5.service")
    project.machine.write(f"{FOLDER}/k5.service", "[Service]\nExecStart=/usr/bin/sleep 8\n")
    assert "drift" in project.apply('Service("k5", masked=True)', code=9)
    project.apply('Service("k5", masked=True)', "--overwrite-drift")
    assert target(project, "k5") == "/dev/null"


def test_built_and_given_away(project: Project) -> None:
    """The build folder has the link, as `systemctl mask` would make it; it is rewritten and removed as files are."""
    project.write('Service("k6", masked=True)')
    at = f"{project.folder}/build/system/k6.service"
    for _ in range(2):
        project.mkunit("build")
        assert project.machine.run("readlink", at).stdout == "/dev/null\n"
    assert project.mkunit("build", "--check").returncode == 0
    project.write('Service("k6", exec_start="/bin/true")')
    project.mkunit("build")
    assert "ExecStart=/bin/true" in project.machine.read(at)
    project.write('Service("k6", masked=True)')
    project.mkunit("build")
    project.write('Target("k6t")')
    project.mkunit("build")
    assert not project.machine.path(at).is_symlink()
