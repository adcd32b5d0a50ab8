"""Rules on how services start, stay and stop."""

import re
from collections.abc import Iterator

from mkunit.checker import view
from mkunit.checker.commands import runs
from mkunit.checker.view import Seen
from mkunit.checker.wording import found, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

_FOREGROUND = re.compile(r"--?(?:foreground|no-?daemon|no-?detach|no-?fork|nodaemonize)$|-DFOREGROUND$")
_LIMITS = ("StartLimitIntervalSec", "StartLimitInterval", "StartLimitBurst", "RestartSteps", "RestartSec")


def kind(seen: Seen) -> str:
    """A service's type, which follows from other directives where it is not set."""
    return seen.get("Type") or ("dbus" if seen.get("BusName") else "simple" if seen.all("ExecStart") else "oneshot")


def forking(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Of a program that leaves several processes, systemd has to guess the main one."""
    for seen in view.of(graph).having("Type"):
        if kind(seen) != "forking":
            continue
        stays = next(((e, w) for e, r in runs(seen) for w in r.arguments if _FOREGROUND.match(w)), None)
        if stays:
            message = (
                f"`{stays[1]}` keeps the program in the foreground: `Type=forking` waits for it to end, and gives up"
            )
            yield found("forking-in-foreground", seen, stays[0], message, f"set {say(seen, 'Type', 'exec')}", "Type")


def pid_file(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Of a program that leaves several processes, systemd has to guess the main one."""
    for seen in view.of(graph).having("Type"):
        if kind(seen) != "forking" or seen.get("PIDFile") or seen.flag("RemainAfterExit"):
            continue
        if seen.flag("GuessMainPID", True) and seen.get("ExitType") != "cgroup":
            message = f"systemd has to guess the main process of `{seen.name}`, and does not notice when it dies"
            hint = f"set {say(seen, 'PIDFile')}, or run it in the foreground with {say(seen, 'Type', 'exec')}"
            yield found("forking-without-pidfile", seen, "Type", message, hint)


def notify_shell(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Only the main process may say that the service is ready, and that is the shell."""
    for seen in view.of(graph).having("Type"):
        if kind(seen) not in ("notify", "notify-reload") or seen.get("NotifyAccess") not in ("", "main"):
            continue
        for entry, run in runs(seen):
            if run.keeps_shell:
                message = "the shell is the main process: what its program says of being ready is not listened to"
                hint = f"begin its last command with `exec`, or set {say(seen, 'NotifyAccess', 'all')}"
                yield found("notify-behind-shell", seen, entry, message, hint)


def watchdog(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A program that does not say that it is ready hardly says that it is alive."""
    for seen in view.of(graph).having("WatchdogSec"):
        word = seen.get("WatchdogSec")
        if seen.kind == "service" and word not in ("", "0", "infinity") and kind(seen) in ("simple", "exec", "oneshot"):
            message = f"`{seen.name}` is killed after {word}, unless its program reports to the watchdog"
            hint = f"set {say(seen, 'Type', 'notify')} if it does, or leave out {say(seen, 'WatchdogSec')}"
            if seen.get("NotifyAccess") in ("", "none"):
                yield found("watchdog-without-notify", seen, "WatchdogSec", message, hint)


def oneshot(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """What has run once is inactive again, and is run again by the next unit that wants it."""
    for seen in view.of(graph).of("service"):
        if kind(seen) != "oneshot" or seen.flag("RemainAfterExit") or seen.node in view.of(graph).starters:
            continue
        if seen.all("ExecStart") and seen.all("WantedBy", "RequiredBy"):
            message = f"`{seen.name}` is inactive once it has run: units that require it run it again"
            hint = f"set {say(seen, 'RemainAfterExit', 'yes')} if it sets something up"
            yield found("oneshot-without-remain", seen, "Type", message, hint, "RemainAfterExit")


def gives_up(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Five failures within a second are over before what is missing has come up."""
    for seen in view.of(graph).having("Restart"):
        if kind(seen) != "idle" and seen.get("Restart") == "always" and not any(map(seen.entry, _LIMITS)):
            message = "a service that fails at once is restarted five times within a second, and then never again"
            hint = f"set {say(seen, 'RestartSec', '5')}, or {say(seen, 'StartLimitIntervalSec', '0')} to go on for ever"
            yield found("restart-gives-up", seen, "Restart", message, hint)


def leaves_children(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Processes that are left run on, unseen, beside those of the next start."""
    for seen in view.of(graph).having("KillMode"):
        if seen.get("KillMode") == "process":
            message = f"when `{seen.name}` stops, only its main process does; the others run on"
            yield found("kill-leaves-children", seen, "KillMode", message, f"write {say(seen, 'KillMode', 'mixed')}")


def no_restart(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A service that is to run for long stays down after its first failure."""
    for seen in view.of(graph).of("service"):
        lasting = kind(seen) in ("simple", "exec", "notify", "notify-reload")
        if lasting and seen.all("WantedBy", "RequiredBy") and not seen.get("Restart"):
            message = f"`{seen.name}` stays down once it has failed"
            yield found("no-restart", seen, None, message, f"set {say(seen, 'Restart', 'on-failure')}", "Restart")
