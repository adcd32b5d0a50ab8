"""A machine made of a dict: for tests, and for trying what a plan would do; it behaves as systemd was seen to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count

from attrs import Factory, define

from mkunit.errors import Diagnostic, SystemdError
from mkunit.model.plan import IDLE, Found, Op, State
from mkunit.model.unit import MASK

_UP = {"service": "running", "socket": "listening", "timer": "waiting", "path": "waiting", "mount": "mounted"}


class Killed(BaseException):
    """The process is gone, in the middle of something."""


@define
class Memory:
    """Files, units with what systemd has read of them, and documents; every write can be the last one."""

    scope: str = "system"
    folder: str = "/etc/systemd/system"
    disk: dict[str, Found] = Factory(dict)
    loaded: dict[str, State] = Factory(dict)
    running: dict[str, str] = Factory(dict)  # the text that each running unit was started with
    read_texts: dict[str, str] = Factory(dict)  # the text that systemd knows, where it has read one
    documents: dict[str, str] = Factory(dict)
    broken: Collection[str] = ()  # words in a unit's text that make it fail
    ignored: Collection[str] = ()  # words in a unit's text that systemd complains of
    limited: set[str] = Factory(set)  # units that were started too often lately
    whole: bool = False  # as systemd 262, which refuses a call for many units whole
    begun: dict[str, float] = Factory(dict)  # when each unit was last started
    calls: list[str] = Factory(list)
    writes: int = 0
    last_write: int | None = None  # after so many the process is killed
    full: int | None = None  # at that write the disk is full
    clock: float = 1.0
    booted: str = "first"
    silent: Collection[str] = ()  # units whose invocations nobody tells
    managed: bool = True
    _numbers: Iterable[int] = Factory(lambda: count(1))

    # What a `System` is asked.

    def is_running(self) -> bool:
        return self.managed

    def look(self, paths: Iterable[str]) -> dict[str, Found]:
        return {path: self.disk.get(path, Found()) for path in paths}

    def units(self, names: Iterable[str] | None = None) -> dict[str, State]:
        wanted = self.loaded if names is None else names
        return {name: self.loaded[name] for name in wanted if name in self.loaded}

    def details(self, unit: str) -> dict[str, str]:
        state = self.loaded.get(unit, IDLE)
        result = "exit-code" if state.active == "failed" else "success"
        result = "start-limit-hit" if unit in self.limited else result
        load = "loaded" if unit in self.disk else "not-found"
        status = "1" if result != "success" else "0"
        return {"LoadState": load, "Result": result, "ExecMainStatus": status}

    def shown(self, units: Sequence[str], properties: Sequence[str]) -> dict[str, dict[str, str]]:
        return {name: self.details(name) for name in units}

    def complaints(self, since: float, paths: Iterable[str]) -> list[Diagnostic]:
        texts = {path: self.disk.get(path, Found()).text or "" for path in paths}
        return [
            Diagnostic("ignored-line", path) for path, text in texts.items() if any(w in text for w in self.ignored)
        ]

    def log(self, unit: str, invocation: str, lines: int) -> list[str]:
        return []

    def now(self) -> float:
        return self.clock

    def monotonic(self) -> float:
        return self.clock

    def boot(self) -> str:
        return self.booted

    def started(self, names: Iterable[str]) -> dict[str, float]:
        return {name: self.begun.get(name, 0.0) for name in names}

    # Its verbs.

    def _wrote(self) -> None:
        """After each write the process may be gone; before it the disk may be full."""
        self.writes += 1
        self.clock += 1e-6
        if self.full == self.writes:
            raise OSError(28, "No space left on device", "somewhere")
        if self.last_write is not None and self.writes > self.last_write:
            raise Killed

    def replace(self, files: Sequence[Op], links: Sequence[Op]) -> None:
        for ops, kind in ((files, "file"), (links, "link")):
            for op in ops:
                if self.disk.get(op.path, Found()).text != op.after:
                    self._wrote()
                    self._put(op, kind)

    def _put(self, op: Op, kind: str) -> None:
        if op.after is None:
            self.disk.pop(op.path, None)
        else:
            self.disk[op.path] = Found("link" if op.after == MASK else kind, op.after)

    def do(self, verb: str, units: Sequence[str] = ()) -> None:
        self._wrote()
        self.calls.append(" ".join((verb, *units)))
        if verb == "daemon-reload":
            self.read_texts = {path: found.text or "" for path, found in self.disk.items()}
            self.loaded = {n: s for n, s in self.loaded.items() if s.active != "inactive" or n in self.disk}
            return
        unknown = [name for name in units if name not in self.read_texts and name not in self.loaded]
        failed = unknown if unknown and self.whole else [name for name in units if not self._one(verb, name)]
        if failed:
            raise SystemdError(Diagnostic("systemd-refused", f"`systemctl {verb}`: {', '.join(failed)}"))

    def _one(self, verb: str, name: str) -> bool:
        state = self.loaded.get(name, IDLE)
        match verb:
            case "stop":
                self._down(name)
            case "restart":
                self._down(name)
                return self._up(name)
            case "start":
                return state.active == "active" or self._up(name)
            case "reset-failed":
                self.limited.discard(name)
                if state.active == "failed":
                    self.loaded[name] = state._replace(active="inactive", sub="dead")
            case "reload":
                return state.active == "active"
        return True

    def _down(self, name: str) -> None:
        self.running.pop(name, None)
        if name in self.loaded:
            self.loaded[name] = self.loaded[name]._replace(active="inactive", sub="dead", invocation="")

    def _up(self, name: str) -> bool:
        text = self.read_texts.get(name)
        service = name.removesuffix(".socket") + ".service"
        if name in self.limited:
            self.loaded[name] = State("loaded", "failed", "failed", "", "")
            return False
        if text is None or (name.endswith(".socket") and self.loaded.get(service, IDLE).active == "active"):
            return False
        self.begun[name] = self.clock
        invocation = "" if name in self.silent else f"{next(iter(self._numbers)):032x}"
        if any(word in text for word in self.broken):
            self.loaded[name] = State("loaded", "failed", "failed", "", invocation)
            return True  # as a simple service: its start succeeds
        self.loaded[name] = State("loaded", "active", _UP.get(name.rpartition(".")[2], "active"), "", invocation)
        self.running[name] = text
        return True

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    def probe(self, words: Sequence[str]) -> str | None:
        return None if words[0] != "command" or "false" not in words[-1] else "it says no"

    # Its documents, as `Notes`.

    def read(self, name: str) -> str | None:
        return self.documents.get(name)

    def write(self, name: str, text: str) -> None:
        self._wrote()
        self.documents[name] = text

    def remove(self, name: str) -> None:
        if name in self.documents:
            self._wrote()
            del self.documents[name]

    def names(self, folder: str) -> Iterable[str]:
        prefix = f"{folder}/"
        return [name.removeprefix(prefix) for name in self.documents if name.startswith(prefix)]

    def picture(self) -> Mapping[str, object]:
        """What a person would see of the machine: files, links, and the text that each running unit has."""
        return {"disk": dict(self.disk), "running": dict(self.running)}
