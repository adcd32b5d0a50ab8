"""Rules on what a machine has and has not; they are given its facts, and look at nothing themselves."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mkunit.checker import view
from mkunit.checker.addresses import inets
from mkunit.checker.commands import EXEC, runs
from mkunit.checker.sandbox import MANAGED
from mkunit.checker.view import Seen
from mkunit.checker.wording import found, say
from mkunit.errors import Diagnostic, Severity
from mkunit.model.facts import Facts
from mkunit.model.graph import Graph, triggered
from mkunit.model.target import Target
from mkunit.model.unit import Entry

Judge = Callable[[Graph, Target, Facts], Iterator[Diagnostic]]
_SANDBOX = ("ReadWritePaths", "ReadOnlyPaths", "InaccessiblePaths", "BindPaths", "BindReadOnlyPaths")
_STRONG = ("Requires", "BindsTo", "Requisite")
_ASKING = ("ConditionPathExists", "ConditionFileIsExecutable", "ConditionFileNotEmpty")
_GIVEN = (".device", ".mount", ".swap", ".slice", ".scope", ".automount")  # which exist without a file


class Fact(NamedTuple):
    """A rule that needs facts, as data."""

    code: str
    judge: Judge
    severity: Severity


def paths(graph: Graph) -> set[str]:
    """The files that the rules want to know about."""
    wanted: set[str] = set()
    for seen in view.of(graph).named.values():
        wanted |= {run.path for _, run in runs(seen, *EXEC)}
        wanted |= {
            path for name in ("EnvironmentFile", "WorkingDirectory", *_SANDBOX) for _, path in _paths(seen, name)
        }
    return {path for path in wanted if path.startswith("/") and "%" not in path}


def _paths(seen: Seen, name: str) -> Iterator[tuple[Entry, str]]:
    """The paths of a directive that have to be there."""
    for entry in seen.all(name):
        words = entry.value.split() if name in _SANDBOX else [entry.value]
        for word in words:
            path = word.lstrip("+").partition(":")[0] if name.startswith("Bind") else word.lstrip("+")
            if path.startswith("/") and "*" not in path:
                yield entry, path.rstrip("/") or "/"


def examine(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong on the machine, each finding once."""
    every = (one._replace(severity=rule.severity) for rule in FACTS for one in rule.judge(graph, target, facts))
    yield from dict.fromkeys(every)


def executable(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """A command that is not there, or may not be run, ends the start with 203."""
    for seen in view.of(graph).having(*EXEC):
        if seen.get("RootDirectory") or seen.get("RootImage"):
            continue
        for entry, run in runs(seen, *EXEC):
            file = facts.files.get(run.path)
            if file is None or "-" in run.prefixes or _is_condition(seen, run.path):
                continue
            if not file.is_there:
                yield found(
                    "missing-executable", seen, entry, f"`{run.path}` is not there", "install it, or mend the path"
                )
            elif file.is_folder or not file.is_executable:
                what = "is a folder" if file.is_folder else "may not be executed"
                hint = f"run `chmod +x {run.path}`, or name its interpreter first"
                yield found("missing-executable", seen, entry, f"`{run.path}` {what}", hint)


def _is_condition(seen: Seen, path: str) -> bool:
    """Whether the unit itself asks first whether a file is there."""
    return any(entry.value.lstrip("|") == path for entry in seen.all(*_ASKING))


def script(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """A script without a right first line cannot be run by systemd, though a shell runs it."""
    for seen in view.of(graph).having(*EXEC):
        for entry, run in runs(seen, *EXEC):
            file = facts.files.get(run.path)
            if file is None or not file.is_executable or file.is_binary:
                continue
            if file.interpreter is None:
                message = f"`{run.path}` is no program, and begins with no `#!`"
                yield found("broken-script", seen, entry, message, "let it begin with `#!/bin/sh`, or what it is for")
            elif file.interpreter.endswith("\r"):
                message = f"`{run.path}` has the line ends of Windows: there is no interpreter of that name"
                yield found("broken-script", seen, entry, message, "give it line ends of Unix")


def missing_files(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """Files and folders that systemd needs before it starts the command."""
    for seen in view.of(graph).named.values():
        if seen.get("RootDirectory") or seen.get("RootImage"):
            continue
        for name in ("EnvironmentFile", "WorkingDirectory", *_SANDBOX):
            for entry, path in _paths(seen, name):
                file = facts.files.get(path)
                if file and not file.is_there and not _is_made(seen, path):
                    message = f"`{path}` is not there: the start fails"
                    hint = f"make it, or write `-{path}` if it may be missing"
                    yield found("missing-file", seen, entry, message, hint)


def _is_made(seen: Seen, path: str) -> bool:
    """Whether systemd makes the folder itself."""
    for name, root in MANAGED.items():
        for entry in seen.all(name):
            if any(path == f"{root}/{word.partition(':')[0]}" for word in entry.value.split()):
                return True
    return False


def accounts(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """Users and groups have to be there before the unit starts."""
    for names, known, what in (
        (("User", "SocketUser"), facts.users, "user"),
        (("Group", "SocketGroup", "SupplementaryGroups"), facts.groups, "group"),
    ):
        for seen in view.of(graph).having(*names):
            for name in names if not seen.flag("DynamicUser") else ():
                for entry in seen.all(name):
                    for word in entry.value.split():
                        if not word.isdecimal() and "%" not in word and word not in known:
                            message = f"there is no {what} `{word}`: the start fails"
                            hint = f"make it, by a file in /usr/lib/sysusers.d or with `{what}add --system {word}`"
                            yield found("missing-account", seen, entry, message, hint)


def port(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """A port that a process has already cannot be listened on."""
    for seen in view.of(graph).of("socket"):
        for one in inets(seen):
            kind = "tcp" if one.entry.name == "ListenStream" else "udp"
            if (kind, one.port) in facts.ports:
                message = f"a process listens on {kind} port {one.port} already"
                yield found("port-taken", seen, one.entry, message, "stop it first, or take another port")


def units(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """What is required, or started by a socket, timer or path, has to be somewhere."""
    everything = view.of(graph)

    def is_there(scope: str, name: str) -> bool:
        stem, at, rest = name.partition("@")
        template = f"{stem}@.{rest.rpartition('.')[2]}" if at else name
        installed = facts.units[scope]
        return bool(everything.get(scope, name)) or name in installed or template in installed or name.endswith(_GIVEN)

    for seen in everything.named.values():
        for word, entry in seen.words(*_STRONG):
            if "%" not in word and not seen.parts.is_template and not is_there(seen.scope, word):
                message = f"there is no unit `{word}`, without which `{seen.name}` does not start"
                yield found("missing-unit", seen, entry, message, f"install it, or use {say(seen, 'Wants', word)}")
        started = triggered(seen.unit)
        if started and seen.kind != "automount" and not seen.parts.is_template and not is_there(seen.scope, started[0]):
            message = f"there is no unit `{started[0]}`, which `{seen.name}` is to start"
            yield found("missing-unit", seen, started[1], message, "add it to the project, or install it first")


def vendor(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """A unit in /etc stands in front of the one that a package brings."""
    for seen in view.of(graph).named.values():
        if (place := facts.vendors[seen.scope].get(seen.name)) and seen.unit.source:
            message = f"`{seen.name}` hides the unit of a package, {place}: its updates will have no effect"
            yield found(
                "shadows-vendor-unit", seen, None, message, f'use `DropIn("{seen.name}", …)` for single changes'
            )


def linger(graph: Graph, target: Target, facts: Facts) -> Iterator[Diagnostic]:
    """A user's systemd runs from the first login to the last logout."""
    for seen in view.of(graph).having("WantedBy") if not facts.lingers else ():
        if seen.scope == "user" and "default.target" in seen.names("WantedBy"):
            message = f"`{seen.name}` runs only while its user is logged in"
            yield found("no-linger", seen, "WantedBy", message, "run `loginctl enable-linger`, if it is to run always")


FACTS = (
    Fact("missing-executable", executable, Severity.ERROR),
    Fact("broken-script", script, Severity.ERROR),
    Fact("missing-file", missing_files, Severity.ERROR),
    Fact("missing-account", accounts, Severity.ERROR),
    Fact("port-taken", port, Severity.WARNING),
    Fact("missing-unit", units, Severity.ERROR),
    Fact("shadows-vendor-unit", vendor, Severity.INFO),
    Fact("no-linger", linger, Severity.INFO),
)
