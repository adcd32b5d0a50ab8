"""A machine's systemd by its own programs, behind the `System` port: one list call for all, `show` for the few.

With `root`, the files of another system below a folder, where no manager runs: nothing is asked, only files change.
"""

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from mkunit.errors import Diagnostic, Origin, SystemdError
from mkunit.model.plan import Found, Op, State
from mkunit.system import analyze, disk
from mkunit.system.local import SYSTEMCTL, Local
from mkunit.system.person import Person

# systemd marks a complaint about a line of a unit file by this (sd-messages(3), SD_MESSAGE_INVALID_CONFIGURATION).
_INVALID = "c772d24e9a884cbeb9ea12625c306c01"
_FEW = 64
_TAKES = ("Requires", "Requisite", "BindsTo", "PartOf", "StopPropagatedFrom")  # whose end is a unit's own
_GRAVE = 4  # priorities up to `warning` mean that something was ignored


@frozen
class Live:
    """One scope of this machine, or of the files below another root."""

    scope: str
    root: str = ""
    user: Person | None = None  # another one than who runs mkunit

    @property
    def local(self) -> Local:
        return Local(self.scope, self.user)

    @property
    def folder(self) -> str:
        own = "/etc/systemd/user" if self.root and self.scope != "system" else str(self.local.folder)
        return f"{self.root.rstrip('/')}{own}"

    @property
    def target(self) -> str:
        """The unit folder as links in it name it: without the root."""
        return self.folder.removeprefix(self.root.rstrip("/"))

    def is_running(self) -> bool:
        return not self.root and self.local.is_running()

    def look(self, paths: Iterable[str]) -> dict[str, Found]:
        folder = self.folder
        return {path: disk.look(f"{folder}/{path}") for path in paths}

    def units(self, names: Iterable[str] | None = None) -> dict[str, State]:
        if not self.is_running():
            return {}
        wanted = None if names is None else set(names)
        done = self.local.run(SYSTEMCTL, "list-units", "--all", "--full", "--no-pager", "--output=json")
        if done.returncode:  # to take everything for inactive would be worse than to do nothing
            words = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
            raise SystemdError(Diagnostic("systemd-refused", f"systemd does not say what is loaded: {words}"))
        rows = json.loads(done.stdout or "[]")
        found = {
            row["unit"]: State(
                row["load"], row["active"], row["sub"], row.get("job") or "", self._invocation(row["unit"])
            )
            for row in rows
            if wanted is None or row["unit"] in wanted
        }
        return found if wanted is None else {**found, **self._asked(found)}

    def _asked(self, found: Mapping[str, State]) -> dict[str, State]:
        """Units that run no process of their own leave no invocation there: a few can be asked about, at 9 ms each."""
        names = [name for name, state in found.items() if state.is_up and not state.invocation]
        if not names or len(names) > _FEW:
            return {}
        ids = self._shown(names, "InvocationID")
        return {name: found[name]._replace(invocation=ids.get(name, "")) for name in names}

    def _shown(self, names: Iterable[str], name: str) -> dict[str, str]:
        """A property of some units, in one call."""
        done = self.local.run(SYSTEMCTL, "show", f"--property=Id,{name}", "--", *names)
        rows = (
            dict(line.split("=", 1) for line in block.split("\n") if "=" in line) for block in done.stdout.split("\n\n")
        )
        return {row["Id"]: row.get(name, "") for row in rows if "Id" in row}

    def _invocation(self, unit: str) -> str:
        """The invocation of a unit, from where systemd leaves it for journald: a readlink(2), not a call of 9 ms."""
        try:
            return os.readlink(f"{self.local.runtime}/systemd/units/invocation:{unit}")  # noqa: PTH115  no path at all
        except OSError:
            return ""

    def along(self, units: Iterable[str]) -> set[str]:
        """These units, and all that take them along where they are stopped or restarted."""
        found: set[str] = set()
        new = set(units)
        while new and len(found) < _FEW:
            found |= new
            done = self.local.run(SYSTEMCTL, "show", f"--property={','.join(_TAKES)}", "--", *sorted(new))
            lines = (line.partition("=") for line in done.stdout.splitlines())
            new = {word for name, _, words in lines if name in _TAKES for word in words.split()} - found
        return found

    def details(self, unit: str) -> dict[str, str]:
        done = self.local.run(SYSTEMCTL, "show", "--", unit)
        return dict(line.split("=", 1) for line in done.stdout.split("\n") if "=" in line)

    def shown(self, units: Sequence[str], properties: Sequence[str]) -> dict[str, dict[str, str]]:
        done = self.local.run(SYSTEMCTL, "show", f"--property={','.join(('Id', *properties))}", "--", *units)
        blocks = [
            dict(line.split("=", 1) for line in block.split("\n") if "=" in line) for block in done.stdout.split("\n\n")
        ]
        for block in blocks:
            for name in ("FragmentPath", "DropInPaths"):
                if name in block:
                    block[name] = " ".join(map(self._as_written, block[name].split(" ")))
        # One for each unit, in their order; an alias has the name of what it leads to.
        if len(blocks) == len(units):
            return dict(zip(units, blocks, strict=True))
        return {block["Id"]: block for block in blocks if "Id" in block}

    def _as_written(self, path: str) -> str:
        """A path of our folder as we write it, where systemd got there over other links."""
        if path.startswith(f"{self.folder}/") or not path.startswith("/"):
            return path
        real, folder = os.path.realpath(path), os.path.realpath(self.folder)
        return f"{self.folder}{real.removeprefix(folder)}" if real.startswith(f"{folder}/") else path

    def complaints(self, since: float, paths: Iterable[str]) -> list[Diagnostic]:
        """What the journal has of the manager's on lines of our files; nothing where it cannot be read."""
        wanted = {f"{self.folder}/{path}" for path in paths}
        if not wanted:
            return []
        if os.geteuid() == 0:
            Local("system").run("journalctl", "--sync")
        # Anybody may write to the journal whatever they like, but not as somebody else.
        who = self.user.uid if self.user else 0 if self.scope == "system" else os.getuid()
        wanted_fields = (f"MESSAGE_ID={_INVALID}", f"_UID={who}")
        since_then = ("--output=json", "--all", "--no-pager", f"--since=@{since:.6f}")
        done = Local("system").run("journalctl", *since_then, *wanted_fields)
        found: dict[Diagnostic, None] = {}
        for line in done.stdout.splitlines():
            entry = json.loads(line)
            file, number = str(entry.get("CONFIG_FILE")), str(entry.get("CONFIG_LINE", "0"))
            text = str(entry.get("MESSAGE"))
            if file in wanted and int(entry.get("PRIORITY", 6)) <= _GRAVE and analyze.is_ignored(text):
                message = f"systemd says: {text}".replace(f"{file}:{number}: ", "")
                hint = "what systemd ignores is not in force"
                found[Diagnostic("ignored-line", message, hint, Origin(file, int(number)))] = None
        return list(found)

    def log(self, unit: str, invocation: str, lines: int) -> list[str]:
        """The last lines of an invocation, systemd's own about it left out."""
        if os.geteuid() == 0:
            Local("system").run("journalctl", "--sync")
        field = "_SYSTEMD_UNIT" if self.scope == "system" else "_SYSTEMD_USER_UNIT"
        if invocation and (found := self._lines(f"_SYSTEMD_INVOCATION_ID={invocation}", lines)):
            return found
        # Of a process that is gone before its line is read, the journal knows the unit at most.
        since = [f"--since=@{self._began(unit):.6f}"] if invocation else []
        return self._lines(f"{field}={unit}", lines, *since)

    def _began(self, unit: str) -> float:
        """When a unit was last started, in seconds since 1970."""
        shown = int(self.details(unit).get("InactiveExitTimestampMonotonic") or 0) / 1e6
        return time.time() - (time.monotonic() - shown)

    def _lines(self, field: str, lines: int, *more: str) -> list[str]:
        which = [field, *([f"_UID={self.user.uid}"] if self.user else [])]
        arguments = ("--output=cat", "--no-pager", f"--lines={lines}", *more, *which)
        return Local("system").run("journalctl", *arguments).stdout.splitlines()

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def boot(self) -> str:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()

    def started(self, names: Iterable[str]) -> dict[str, float]:
        rows = self._shown(names, "InactiveExitTimestampMonotonic")
        return {name: int(value or 0) / 1e6 for name, value in rows.items()}

    def replace(self, files: Sequence[Op], links: Sequence[Op]) -> None:
        disk.replace(Path(self.folder), files, links)

    def do(self, verb: str, units: Sequence[str] = ()) -> None:
        self.local.do(verb, *units)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def probe(self, words: Sequence[str]) -> str | None:
        from mkunit.system import probe  # few units have one, and it imports much

        return probe.ask(words, self.user)
