"""Rules on command lines and environments: what a shell would have done, and what everybody can read."""

import re
from collections.abc import Iterator

from mkunit.catalog.values.words import LAX, WordError
from mkunit.checker import view
from mkunit.checker.commands import EXEC, Run, runs
from mkunit.checker.wording import found, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

_NO_GLOB = frozenset({"rm", "cp", "mv", "cat", "ls", "chmod", "chown", "chgrp", "touch", "ln", "gzip", "du", "stat"})
_SECRET = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY)$", re.IGNORECASE
)
_VARIABLE = re.compile(r"(?<!\$)\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)")
_HOMES = ("/home/", "/root/", "/tmp/", "/var/tmp/")
# Programs that people mostly have from another place than their distribution's packages.
_ELSEWHERE = frozenset(
    {
        *("node", "npm", "npx", "yarn", "pnpm", "deno", "bun", "python", "python3", "pip", "poetry", "uv", "pipenv"),
        *("gunicorn", "uvicorn", "hypercorn", "celery", "flask", "django-admin", "jupyter", "conda", "ruby", "bundle"),
        *("cargo", "go", "rails", "puma", "java", "mix"),
    }
)
_DETACH = frozenset({"--daemonize", "--daemonise", "--background", "--fork", "--detach"})
_STAY = frozenset(
    {"--foreground", "--no-detach", "--nodaemon", "--no-daemon", "--no-fork", "--nofork", "-f", "-F", "-n"}
)


def shell_syntax(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Home folders, wildcards and backticks are a shell's, and no shell is run."""
    for seen in view.of(graph).having(*EXEC):
        for entry, run in runs(seen, *EXEC):
            if run.script is None and (what := _shell_word(run)):
                message = f"`{what}` reaches `{run.program}` as it is: no shell is there to expand it"
                hint = "write the path in full" if what[0] == "~" else "run it by a shell: `/bin/sh -c '…'`"
                yield found("shell-syntax", seen, entry, message, hint)


def _shell_word(run: Run) -> str | None:
    for word in run.arguments:
        if word.startswith("~/") or (word.startswith("`") and len(word) > 1):
            return word
        if run.program in _NO_GLOB and not word.startswith("-") and ("*" in word or "?" in word):
            return word
    return None


def unexpanded(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """`Environment=` knows no variables."""
    for seen in view.of(graph).having("Environment"):
        for entry in seen.all("Environment"):
            if "$" in entry.value and (match := _VARIABLE.search(entry.value)):
                message = f"`{match[0]}` is not expanded in `Environment=`: the program gets these characters"
                yield found("environment-no-expansion", seen, entry, message, "write the value in full")


def secret(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Everybody may ask systemd for a unit's environment."""
    for seen in view.of(graph).having("Environment"):
        for entry in seen.all("Environment"):
            try:
                words = LAX.split(entry.value)
            except WordError:
                continue
            for word in words:
                name, _, value = word.partition("=")
                if value and _SECRET.search(name) and value[0] not in "/%$":
                    message = (
                        f"the value of `{name}` can be read by every user of the machine: `systemctl show` prints it"
                    )
                    hint = (
                        f"use {say(seen, 'LoadCredential')}, or a file that "
                        f"only root can read in {say(seen, 'EnvironmentFile')}"
                    )
                    yield found("secret-in-environment", seen, entry, message, hint)


def in_home(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A program of the system in a place that is a user's, or that is cleaned up."""
    for seen in view.of(graph).having(*EXEC):
        if seen.scope == "user" or (seen.get("User") not in ("", "root", "0")):
            continue
        for entry, run in runs(seen, *EXEC):
            if run.path.startswith(_HOMES):
                message = f"`{run.path}` is run as root, and lies where others may write, or where it is cleaned up"
                hint = f"put it into /usr/local/bin or /opt, or set {say(seen, 'User')} to its owner"
                yield found("exec-in-home", seen, entry, message, hint)


def detaches(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A program that goes into the background ends, as systemd sees it."""
    for seen in view.of(graph).of("service"):
        if seen.get("Type") not in ("", "simple", "exec", "notify", "notify-reload") or seen.get("PIDFile"):
            continue
        for entry, run in runs(seen):
            flag = next((word for word in run.arguments if word in _DETACH), None)
            if run.program == "nohup" or (flag and not _STAY & set(run.arguments)):
                kind = seen.get("Type") or "simple"
                message = (
                    f"`{flag or run.program}` sends the program into the background: `Type={kind}` takes it for ended"
                )
                yield found("detaches-from-systemd", seen, entry, message, f"leave out `{flag or 'nohup'}`")


def bare_command(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Names without a path are looked for in folders that were fixed when systemd was built."""
    for seen in view.of(graph).having(*EXEC):
        for entry, run in runs(seen, *EXEC):
            if run.path in _ELSEWHERE and "|" not in run.prefixes:
                message = f"`{run.path}` is looked for in systemd's own folders: not in those of your `PATH`"
                yield found("bare-command", seen, entry, message, f"write its path, such as `/usr/bin/{run.path}`")
