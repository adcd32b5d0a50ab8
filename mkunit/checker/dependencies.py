"""Rules on what units require and wait for."""

from collections.abc import Iterator

from mkunit.checker import view
from mkunit.checker.commands import runs
from mkunit.checker.view import Seen, View
from mkunit.checker.wording import found, is_python, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

# What comes up before `basic.target`, and so before every unit with default dependencies.
_EARLY = (".socket", ".path", ".slice", ".swap", ".mount", ".automount", ".timer")
_EARLY_TARGETS = frozenset(
    {
        *("sysinit.target", "basic.target", "sockets.target", "paths.target", "slices.target", "local-fs.target"),
        *("local-fs-pre.target", "swap.target", "cryptsetup.target", "veritysetup.target", "timers.target"),
    }
)
_OBSOLETE = {
    "syslog.target": "leave it out: the journal is there from the start",
    "dbus.target": "write `dbus.service`, or nothing: the bus comes up with its socket",
    "udev.target": "write `systemd-udevd.service`",
    "rc-local.target": "write `rc-local.service`",
    "mail-transfer-agent.target": "name the mail service itself",
    "systemd-udev-settle.service": "wait for the device itself: `After=` and `BindsTo=` of its `.device` unit",
}
_SYSTEM_ONLY = frozenset(
    {
        *("network.target", "network-online.target", "network-pre.target", "multi-user.target", "local-fs.target"),
        *("remote-fs.target", "nss-lookup.target", "sysinit.target", "graphical.target", "time-sync.target"),
        *("NetworkManager.service", "systemd-networkd.service", "systemd-resolved.service", "docker.service"),
    }
)
CLIENTS = frozenset(
    {
        *("curl", "wget", "ping", "rsync", "git", "ssh", "scp", "sftp", "restic", "rclone", "borg", "ntpdate", "lftp"),
        *("apt-get", "autossh", "aws", "s3cmd", "certbot"),
    }
)
_PULLS = ("Wants", "Requires", "BindsTo", "Requisite")
_SHORT = 3  # names shorter than this differ by a letter only
STRONG = ("Requires", "BindsTo", "Requisite")


def without_after(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Requiring a unit does not wait for it: both start at once."""
    for seen in view.of(graph).having(*STRONG):
        if seen.kind == "target":
            continue  # which waits for all that it requires
        default = seen.flag("DefaultDependencies", True)
        ordered = seen.names("After", "Before")
        for word, entry in seen.words(*STRONG):
            own = word == f"{seen.stem}.socket"
            if word in ordered or own or (default and _is_early(word)) or word == "dbus.service" or "%" in word:
                continue
            if not _is_ordered(view.of(graph), seen, word):
                message = f"`{seen.name}` does not wait for `{word}`: both start at once, and its failure is not seen"
                yield found("requires-without-after", seen, entry, message, f"add {say(seen, 'After', word)}")


def _is_early(word: str) -> bool:
    return word.endswith(_EARLY) or word in _EARLY_TARGETS


def _is_ordered(everything: View, seen: Seen, word: str) -> bool:
    """Whether the other unit says in which order the two start, or the kinds do."""
    other = everything.get(seen.scope, word)
    if other is None:
        return False
    if seen.name in other.names("Before", "After"):
        return True
    return any(started is other for started in (everything.starts(seen),)) or everything.starts(other) is seen


def nobody_starts(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """To wait for a unit that nothing starts is to wait for nothing.

    Only a project says all that starts its units; of unit files, links in other folders may.
    """
    everything = view.of(graph)
    for seen in everything.having("After"):
        if not is_python(seen.unit):
            continue
        for word, entry in seen.words("After"):
            other = everything.named.get((seen.scope, word))
            if (
                other
                and other.kind in ("service", "mount")
                and other.node not in everything.pulled
                and not other.all("BusName")
            ):
                message = f"`{word}` is started by nothing: `After=` alone does not start it"
                yield found("after-without-pull-in", seen, entry, message, f"add {say(seen, 'Wants', word)}")


def network_target(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """network.target says that the network is being set up, not that it works."""
    for seen in view.of(graph).of("service"):
        after = seen.names("After")
        if "network.target" not in after or "network-online.target" in after:
            continue
        client = next((run.program for _, run in runs(seen) if _is_remote(run.program, run.arguments)), None)
        if client:
            entry = next(entry for word, entry in seen.words("After") if word == "network.target")
            message = f"`network.target` does not wait for the network, which `{client}` needs at once"
            hint = (
                f"write {say(seen, 'Wants', 'network-online.target')} and {say(seen, 'After', 'network-online.target')}"
            )
            yield found("network-target", seen, entry, message, hint)


def _is_remote(program: str, arguments: tuple[str, ...]) -> bool:
    if program not in CLIENTS:
        return False
    if program in ("rsync", "git", "borg", "restic"):
        return any("://" in word or ("@" in word and ":" in word) for word in arguments)
    return not any("localhost" in word or "127.0.0.1" in word for word in arguments)


def online_unwanted(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """network-online.target is reached only where some unit asks for it."""
    for seen in view.of(graph).having("After"):
        if seen.scope == "user" or seen.kind == "target":
            continue
        for word, entry in seen.words("After"):
            starters = (seen, *view.of(graph).starters.get(seen.node, ()))
            pulled = (one.names("Wants", "Requires", "BindsTo", "Requisite", "WantedBy") for one in starters)
            if word == "network-online.target" and not any(word in names for names in pulled):
                message = "`network-online.target` is started by nobody: `After=` alone does not"
                yield found("online-without-wants", seen, entry, message, f"add {say(seen, 'Wants', word)}")


def obsolete(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Units of former times, which nothing provides any more."""
    names = ("After", "Before", "Wants", "Requires", "WantedBy", "BindsTo")
    for seen in view.of(graph).having(*names):
        for word, entry in seen.words(*names):
            if (hint := _OBSOLETE.get(word)) and (entry.name in _PULLS or "settle" not in word):
                message = f"`{word}` is obsolete: {_why(word)}"
                yield found("obsolete-unit", seen, entry, message, hint)


def _why(word: str) -> str:
    return "it slows the boot, and waits for no device in particular" if "settle" in word else "nothing provides it"


def across_managers(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """The units of the system are unknown to a user's systemd."""
    everything = view.of(graph)
    names = ("After", "Wants", "Requires", "BindsTo", "Requisite", "PartOf")
    for seen in everything.having(*names):
        if seen.scope != "user":
            continue
        for word, entry in seen.words(*names):
            ours = ("user", word) in everything.named
            if not ours and (word in _SYSTEM_ONLY or ("system", word) in everything.named):
                message = f"`{word}` is a unit of the system, which a user's systemd does not see"
                yield found("user-needs-system-unit", seen, entry, message, f"leave it out of {say(seen, entry.name)}")


def timer_requires(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A timer that pulls its service in runs it at once, whenever the timer itself is started."""
    everything = view.of(graph)
    for seen in everything.having("Requires", "Wants", "BindsTo"):
        started = everything.starts(seen) if seen.kind in ("timer", "path") else None
        own = started.name if started else f"{seen.stem}.service"
        for word, entry in seen.words("Requires", "Wants", "BindsTo") if seen.kind in ("timer", "path") else ():
            if word == own:
                message = f"`{seen.name}` starts `{word}` at once, at every boot, and not only when it is due"
                yield found("timer-requires-service", seen, entry, message, f"leave out {say(seen, entry.name, word)}")


def misspelt(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A name that no unit of the project has, but for a letter: systemd says nothing of units that do not exist."""
    everything = view.of(graph)
    names = ("After", "Before", "Wants", *STRONG, "PartOf")
    for seen in everything.having(*names):
        words = {word: entry for word, entry in seen.words(*names) if "%" not in word} if is_python(seen.unit) else {}
        for word, entry in words.items():
            if everything.get(seen.scope, word) is None and (meant := _slip(everything, seen, word)):
                message = f"there is no `{word}` in the project, but a `{meant}`"
                hint = f"write {say(seen, entry.name, meant)}, if that is meant"
                yield found("misspelt-unit", seen, entry, message, hint)


def _slip(everything: View, seen: Seen, word: str) -> str | None:
    """The one unit of the same kind whose name differs by one letter; digits tell units apart on purpose."""
    stem, _, kind = word.rpartition(".")
    if len(stem) < _SHORT:
        return None
    others = (other for other in everything.by_kind.get(kind, ()) if other.scope == seen.scope and other is not seen)
    return next((other.name for other in others if _differs_by_one(stem, other.stem)), None)


def _differs_by_one(one: str, two: str) -> bool:
    """Whether a letter was changed, left out, put in, or two were swapped."""
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    head = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest_one, rest_two = one[head:], two[head:]
    pairs = ((rest_one[1:], rest_two[1:]), (rest_one[1:], rest_two), (rest_one, rest_two[1:]))
    near = any(a == b for a, b in pairs) or (rest_one[1::-1] + rest_one[2:] == rest_two)
    return near and not any(c.isdigit() for c in (rest_one[:1] + rest_two[:1]))
