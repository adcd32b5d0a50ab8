"""Gets systemd's sources by apt, from the mirrors that this machine already uses, and unpacks them."""

import subprocess
from pathlib import Path

SUITES = ("bookworm", "trixie", "testing")
SOURCES = Path("/etc/apt/sources.list.d/debian.sources")


def _stanza() -> dict[str, str]:
    """The first entry of this machine's own list: where its packages come from."""
    first = SOURCES.read_text(encoding="utf-8").strip().split("\n\n")[0]
    lines = [line for line in first.splitlines() if ": " in line and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


def _options(folder: Path) -> list[str]:
    """What keeps apt within the folder, and off this machine's own lists."""
    settings = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": folder / "parts",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _prepared(folder: Path, suite: str) -> Path:
    """A folder of apt's own, with one suite's sources as its only entry."""
    for part in ("parts", "lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    stanza = _stanza() | {"Types": "deb-src", "Suites": suite, "Components": "main"}
    text = "".join(f"{field}: {value}\n" for field, value in stanza.items())
    (folder / "parts" / "suite.sources").write_text(text, encoding="utf-8")
    return folder


def fetch(folder: Path, suites: tuple[str, ...] = SUITES) -> None:
    """Unpack the systemd of each suite below the folder, as `systemd-VERSION`."""
    for suite in suites:
        options = _options(_prepared(folder.resolve() / f"apt-{suite}", suite))
        for command in (["update"], ["source", "systemd"]):
            subprocess.run(["apt-get", *options, "-qq", *command], cwd=folder, check=True)
