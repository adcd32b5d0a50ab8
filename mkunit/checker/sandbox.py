"""Rules on sandboxes that keep out what the service itself needs."""

import re
from collections.abc import Iterator

from mkunit.checker import view
from mkunit.checker.commands import EXEC, Run, runs
from mkunit.checker.dependencies import CLIENTS
from mkunit.checker.view import Seen
from mkunit.checker.wording import found, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target
from mkunit.model.unit import Entry

MANAGED = {
    "StateDirectory": "/var/lib", "CacheDirectory": "/var/cache", "LogsDirectory": "/var/log",
    "RuntimeDirectory": "/run", "ConfigurationDirectory": "/etc",
}  # fmt: skip
_ROOTS = {"%S": "/var/lib", "%C": "/var/cache", "%L": "/var/log", "%t": "/run", "%E": "/etc"}
_WRITING = re.compile(
    r"--?(?:[\w.-]*[._-])?(?:data|db|database|state|cache|log|logs|pid|output|spool|storage|tsdb\.path)"
    r"[_-]?(?:dir|directory|file|path|location)?(?:=|$)"
)
_HOMES = ("/home/", "/root/", "/run/user/")
_JITS = frozenset(
    {"node", "nodejs", "deno", "bun", "java", "dotnet", "mono", "luajit", "pypy", "pypy3", "pwsh", "chromium"}
)


def read_only(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """With a read-only system, every folder that is written to has to be named."""
    for seen in view.of(graph).having("ProtectSystem", "DynamicUser"):
        if seen.get("ProtectSystem") != "strict" and not seen.flag("DynamicUser"):
            continue
        if seen.get("RootDirectory") or seen.get("RootImage") or seen.scope == "user":
            continue
        writable = _writable(seen)
        for entry, path in _written(seen):
            if not any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in writable):
                why = "`DynamicUser=`" if seen.get("ProtectSystem") != "strict" else "`ProtectSystem=strict`"
                message = f"`{path}` cannot be written to: {why} makes everything read-only that is not named"
                yield found("read-only-path", seen, entry, message, f"set {_remedy(seen, path)}")
                break


def _writable(seen: Seen) -> list[str]:
    found = ["/dev", "/proc", "/sys"]
    for name, root in MANAGED.items():
        found += [f"{root}/{word.partition(':')[0]}" for e in seen.all(name) for word in e.value.split()]
    for entry in seen.all("ReadWritePaths", "BindPaths", "TemporaryFileSystem"):
        found += [_plain(word.strip('"').lstrip("-+").split(":")[-1 if entry.name == "BindPaths" else 0])
                  for word in entry.value.split()]  # fmt: skip
    if seen.flag("PrivateTmp") or seen.get("PrivateTmp") == "disconnected" or seen.flag("DynamicUser"):
        found += ["/tmp", "/var/tmp"]
    return found


def _plain(path: str) -> str:
    root = _ROOTS.get(path[:2])
    return root + path[2:] if root else path


def _written(seen: Seen) -> Iterator[tuple[Entry, str]]:
    """Paths that are written to, as their names tell: of options such as `--data-dir`, and a working folder of data."""
    entry = seen.entry("WorkingDirectory")
    if entry and _plain(entry.value).startswith("/var/") and not entry.value.startswith("-"):
        yield entry, _plain(entry.value)
    for line, run in runs(seen):
        if "+" in run.prefixes:
            continue
        for option, path in _options(run):
            if _WRITING.match(option) and path.startswith("/"):
                yield line, path


def _options(run: Run) -> Iterator[tuple[str, str]]:
    for word, after in zip(run.arguments, (*run.arguments[1:], ""), strict=False):
        option, equals, value = word.partition("=")
        if option.startswith("-"):
            yield (option + "=", _plain(value)) if equals else (option, _plain(after))


def _remedy(seen: Seen, path: str) -> str:
    for name, root in MANAGED.items():
        if path.startswith(root + "/") and name != "ConfigurationDirectory":
            return say(seen, name, path[len(root) + 1 :].partition("/")[0])
    return say(seen, "ReadWritePaths", path)


def dynamic_paths(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A dynamic user has another number each time, and owns nothing but its managed folders."""
    for seen in view.of(graph).having("DynamicUser"):
        for entry in seen.all("ReadWritePaths") if seen.flag("DynamicUser") else ():
            for word in entry.value.split():
                path = _plain(word.lstrip("-+"))
                if path.startswith(("/var/lib/", "/var/cache/", "/var/log/", "/srv/")):
                    message = f"`{path}` belongs to somebody else: the dynamic user has another number at each start"
                    yield found("dynamic-user-path", seen, entry, message, f"set {_remedy(seen, path)}")


def hidden_home(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """What is in a home cannot be run, or worked in, where homes are hidden."""
    for seen in view.of(graph).having("ProtectHome"):
        mode = seen.get("ProtectHome").lower()
        bound = [w for e in seen.all("BindPaths", "BindReadOnlyPaths") for w in e.value.split()]
        if mode not in ("yes", "true", "1", "on", "y", "t", "tmpfs"):
            continue
        for entry, path in _used(seen):
            if path.startswith(_HOMES) and not any(
                path.startswith(word.lstrip("-").partition(":")[0]) for word in bound
            ):
                message = f"`{path}` is hidden from the service by `ProtectHome={seen.get('ProtectHome')}`"
                hint = f"put it elsewhere, or write {say(seen, 'ProtectHome', 'read-only')}"
                yield found("home-is-hidden", seen, entry, message, hint)


def _used(seen: Seen) -> Iterator[tuple[Entry, str]]:
    entry = seen.entry("WorkingDirectory")
    if entry and not entry.value.startswith("-"):
        yield entry, entry.value
    for line, run in runs(seen, *EXEC):
        if not set(run.prefixes) & set("+-"):
            yield line, run.path


def no_network(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A client of the network in a namespace without one."""
    for seen in view.of(graph).having("PrivateNetwork"):
        for entry, run in runs(seen) if seen.flag("PrivateNetwork") else ():
            if run.program in CLIENTS - {"git", "rsync", "borg", "restic"} and "+" not in run.prefixes:
                message = f"`{run.program}` has no network: `PrivateNetwork=yes` leaves it none"
                yield found("no-network-for-client", seen, entry, message, f"leave out {say(seen, 'PrivateNetwork')}")


def jit(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Compilers at run time write the code that they run."""
    for seen in view.of(graph).having("MemoryDenyWriteExecute"):
        for _, run in runs(seen) if seen.flag("MemoryDenyWriteExecute") else ():
            if run.program in _JITS:
                message = f"`{run.program}` writes code and runs it, which `MemoryDenyWriteExecute=yes` forbids"
                hint = f"leave out {say(seen, 'MemoryDenyWriteExecute')}"
                yield found("jit-needs-executable-memory", seen, "MemoryDenyWriteExecute", message, hint)


def as_root(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A program of one's own needs no root."""
    places = ("/opt/", "/usr/local/", "/srv/")
    for seen in view.of(graph).of("service"):
        if seen.scope == "user" or seen.get("User") or seen.flag("DynamicUser"):
            continue
        for entry, run in runs(seen):
            if run.path.startswith(places):
                message = f"`{run.path}` runs as root, since there is no `User=`"
                hint = f"set {say(seen, 'User')}, or {say(seen, 'DynamicUser', 'yes')}"
                yield found("runs-as-root", seen, entry, message, hint, "User")
                break
