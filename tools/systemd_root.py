"""Unpacks the systemd of another Debian release, with its libraries, into a folder for a Machine to lay over the host.

    python tools/systemd_root.py trixie FOLDER

The packages come from the mirror that this machine's own apt uses. FOLDER/systemd-analyze runs that release's
systemd-analyze on this machine, without a Machine around it.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

_WANTED = ("systemd", "libpam-systemd", "mount")
_LIBRARY = re.compile(r"lib(?!.*-(bin|runtime|data)$).*|zlib1g|gcc-\d+-base")
_NO = [f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_WRAPPER = """\
#!/bin/sh
# This release's systemd-analyze, with its own libraries.
root=$(dirname "$(readlink -f "$0")")
libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
exec "$root"/usr/lib*/ld-linux*.so.* --library-path "$libraries/systemd:$libraries" "$root/usr/bin/systemd-analyze" "$@"
"""


class Apt:
    """apt with its state in a folder of its own, which knows one release only."""

    def __init__(self, work: Path, suite: str) -> None:
        self._cache = work / "cache"
        for folder in ("lists/partial", "cache/archives/partial", "parts"):
            (work / folder).mkdir(parents=True)
        fields = {"Types": "deb", "URIs": _mirror(), "Suites": suite, "Components": "main", "Signed-By": str(_KEYRING)}
        source = "".join(f"{name}: {value}\n" for name, value in fields.items())
        (work / "parts/release.sources").write_text(source, encoding="utf-8")
        settings = {
            "Dir::Etc::SourceList": "/dev/null",
            "Dir::Etc::SourceParts": work / "parts",
            "Dir::State::Lists": work / "lists",
            "Dir::Cache": self._cache,
            "APT::Sandbox::User": "root",
            "Acquire::Retries": 3,
        }
        self._options = [f"--option={name}={value}" for name, value in settings.items()]
        self._call("apt-get", "--quiet=2", "update")

    def _call(self, program: str, *arguments: str, cwd: Path | None = None) -> str:
        return _output(program, *self._options, *arguments, cwd=cwd)

    def depends(self, packages: Iterable[str]) -> dict[str, list[str]]:
        """What these packages and all that they need depend on, each with its own list."""
        needs: dict[str, list[str]] = {}
        package = ""
        for line in self._call("apt-cache", "depends", "--recurse", *_NO, *packages).splitlines():
            if not line.startswith((" ", "|")):
                package = line
            elif "Depends: " in line:
                needs.setdefault(package, []).append(line.partition(": ")[2])
        return needs

    def download(self, packages: Iterable[str], folder: Path) -> None:
        self._call("apt-get", "--quiet=2", "download", *packages, cwd=folder)


def _output(*command: str, cwd: Path | None = None) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=cwd).stdout


def _mirror() -> str:
    """Where this machine's apt gets its release from: the first source that is neither for updates nor for security."""
    sources = _output("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages")
    for line in sources.splitlines():
        uri, release = line.split()
        if "-" not in release:
            return uri
    raise SystemExit("apt has no source of a Debian release here")


def chosen(needs: Mapping[str, Iterable[str]]) -> set[str]:
    """The wanted packages, and the shared libraries that they need; nothing else of that release comes with them."""
    found, waiting = set(_WANTED), list(_WANTED)
    while waiting:
        libraries = {name for name in needs.get(waiting.pop(), ()) if _LIBRARY.fullmatch(name)}
        waiting += libraries - found
        found |= libraries
    return found


def unpack(packages: Iterable[Path], target: Path) -> None:
    """Unpack packages over one another, in a root whose /bin, /lib and /sbin are links into /usr."""
    for name in ("bin", "sbin", "lib", "lib64"):
        (target / "usr" / name).mkdir(parents=True)
        (target / name).symlink_to(f"usr/{name}")
    for package in packages:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as archive:
            tar = ["tar", "--extract", "--keep-directory-symlink", f"--directory={target}"]
            subprocess.run(tar, check=True, stdin=archive.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", help="a Debian release: trixie, testing")
    parser.add_argument("folder", type=Path, help="made anew; whatever it holds is deleted")
    arguments = parser.parse_args()
    target: Path = arguments.folder.resolve()
    with tempfile.TemporaryDirectory(prefix="systemd-root-") as work:
        apt = Apt(Path(work), arguments.suite)
        downloads = Path(work, "downloads")
        downloads.mkdir()
        apt.download(chosen(apt.depends(_WANTED)), downloads)
        shutil.rmtree(target, ignore_errors=True)
        unpack(sorted(downloads.glob("*.deb")), target)
    wrapper = target / "systemd-analyze"
    wrapper.write_text(_WRAPPER, encoding="utf-8")
    wrapper.chmod(0o755)
    sys.stdout.write(_output(str(wrapper), "--version").splitlines()[0] + "\n")


if __name__ == "__main__":
    main()
