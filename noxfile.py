"""What is checked: `nox` does what a change must pass, `nox --session NAME` one thing; `nox --list` names them."""

import re
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["lint", "types", "catalogue", "tests", "docs", "verify"]
nox.options.reuse_venv = "yes"

PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))
UNITS = {f".{kind}" for kind in ("service", "socket", "timer", "path", "mount", "automount", "swap", "slice", "target")}
# Said of this machine, or of a snapshot that stands alone, and not of the file.
ELSEWHERE = re.compile(
    r"Command .* is not executable: No such file or directory$"
    r"|^snapshot\.socket: service snapshot\S* not loaded, socket cannot be started\.$"
)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Every test, on each Python that mkunit supports; those that boot systemd are skipped where they cannot."""
    session.install("--editable", ".[dev]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Which lines and branches no test reaches."""
    session.install("--editable", ".[dev]")
    session.run("coverage", "run", "-m", "pytest", "--numprocesses=0", *session.posargs)
    session.run("coverage", "report", "--show-missing", "--skip-covered")


@nox.session
def lint(session: nox.Session) -> None:
    """The style, and the format."""
    session.install("ruff>=0.5")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """mkunit by mypy; what users write, with the mistakes that a type checker has to find, by pyright."""
    session.install("--editable", ".[dev]")
    session.run("mypy")
    if Path("tests/typing").is_dir():
        session.run("pyright", "tests/typing")


@nox.session
def catalogue(session: nox.Session) -> None:
    """Whether what is generated from the catalogue is up to date; with systemd's sources as argument the table too."""
    session.install("--editable", ".[dev]")
    session.run("python", "-m", "tools.catalogue", "check", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Whether the pages are true, on the real systemd, as root; and the examples of the docstrings."""
    session.install("--editable", ".[dev]")
    session.run("python", "-m", "pytest", "tests/docs", "tests/test_doctests.py", *session.posargs)


@nox.session
def verify(session: nox.Session) -> None:
    """The living examples and the snapshots, judged by this machine's systemd."""
    session.install("--editable", ".[dev]")
    built = Path(session.create_tmp(), "build")
    session.run("mkunit", "build", "--quiet", "--output", str(built))
    for folder in (built / "system", built / "user"):
        scope = "--user" if folder.name == "user" else "--system"
        _judge(session, scope, sorted(str(file) for file in folder.rglob("*") if file.suffix in UNITS))
    snapshots = (file for file in Path("tests").rglob("__snapshots__/**/*") if file.suffix in UNITS)
    for file in sorted(snapshots):
        _judge(session, "--system", [f"{file}:{_unit_name(session, file)}"])


def _unit_name(session: nox.Session, file: Path) -> str:
    """What the unit in a snapshot may be called: three kinds are called after a path that they have in them."""
    keys = {".mount": "Where", ".automount": "Where", ".swap": "What"}
    if file.suffix not in keys:
        return f"snapshot{file.suffix}"
    place = re.search(rf"^{keys[file.suffix]}=(.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    path = place[1].replace("%%", "%") if place else "/snapshot"
    escape = ("systemd-escape", "--path", f"--suffix={file.suffix[1:]}", path)
    return str(session.run(*escape, silent=True, external=True, log=False)).strip()


def _judge(session: nox.Session, scope: str, files: list[str]) -> None:
    """systemd-analyze succeeds although it complains, so what it prints is what counts."""
    if not files:
        return
    command = ("systemd-analyze", scope, "verify", "--man=no", "--recursive-errors=no", *files)
    printed = session.run(*command, silent=True, external=True, success_codes=range(256))
    complaints = [line for line in str(printed or "").splitlines() if line and not ELSEWHERE.search(line)]
    if complaints:
        session.error("\n".join(complaints))


@nox.session
def machine(session: nox.Session) -> None:
    """Only what boots the real systemd, and none of it skipped; as root."""
    session.install("--editable", ".[dev]")
    session.run("python", "-m", "pytest", "-m", "machine", *session.posargs, env={"MKUNIT_REQUIRE_MACHINE": "1"})


@nox.session
@nox.parametrize("release", ["trixie", "testing"])
def systemd(session: nox.Session, release: str) -> None:
    """The same with the systemd of another Debian release, and what mkunit thinks of values against its opinion."""
    session.install("--editable", ".[dev]")
    root = Path(session.cache_dir, f"systemd-{release}").resolve()
    session.run("python", "tools/systemd_root.py", release, str(root))
    env = {"MKUNIT_REQUIRE_MACHINE": "1", "MKUNIT_SYSTEMD_ROOT": str(root)}
    # The pages show what one release prints; the others have their own words.
    session.run("python", "-m", "pytest", "-m", "machine", "--ignore=tests/docs", *session.posargs, env=env)
    env = {"MKUNIT_SYSTEMD_ANALYZE": str(root / "systemd-analyze")}
    session.run("python", "-m", "pytest", "tests/values/test_differential.py", env=env)


@nox.session
def bench(session: nox.Session) -> None:
    """How long things take."""
    session.install("--editable", ".[dev]")
    for script in sorted(Path("benchmarks").glob("*.py")):
        session.run("python", str(script), *session.posargs)
