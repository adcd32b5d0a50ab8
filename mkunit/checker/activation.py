"""Rules on a socket and the service behind it: how the descriptors get there, and what starts the two."""

import re
from collections.abc import Iterator
from itertools import pairwise

from mkunit.checker import view
from mkunit.checker.addresses import inets
from mkunit.checker.commands import runs
from mkunit.checker.wording import found, is_python, say
from mkunit.errors import Diagnostic
from mkunit.model.graph import Graph
from mkunit.model.target import Target

_BOOT = ("multi-user.target", "graphical.target", "default.target")
_TIES = ("Requires", "Wants", "BindsTo", "Requisite", "Sockets", "Also", "PartOf")
_PROXIES = ("systemd-socket-proxyd",)
_PORT = re.compile(r"--?(?:p|port|b|bind|listen|addr|address|l)(?:[= ](?:\S*:)?|\S*:)(\d{1,5})$")
_LATE = ("network-online.target", "network.target", "network-pre.target", "nss-lookup.target", "remote-fs.target")


def binds_first(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A service that boot starts may find no socket, and then keeps the socket from starting."""
    for socket, service in view.of(graph).activated(accept=False):
        if socket.parts.is_template:
            continue
        boot = [e for e in service.all("WantedBy", "RequiredBy") if set(e.value.split()) & set(_BOOT)]
        if boot and socket.name not in service.names(*_TIES) and service.name not in socket.names("Wants", "Requires"):
            message = f"`{service.name}` is started at boot, with or without `{socket.name}`, which starts it on demand"
            drop = "`wanted_by=[]`" if is_python(service.unit) else "no `WantedBy=`"
            hint = f"give it {drop}, or {say(service, 'Requires', socket.name)}"
            yield found("service-binds-first", service, boot[0], message, hint)


def binds_port(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A command that is told the socket's port binds it itself, and finds it taken."""
    for socket, service in view.of(graph).activated(accept=False):
        ports = {one.port for one in inets(socket)}
        for entry, run in runs(service) if ports else ():
            taken = next((port for port in ports if _told(run.arguments, port)), None)
            if taken is not None and run.program not in _PROXIES:
                message = f"`{run.program}` is told to listen on port {taken}, which `{socket.name}` has already"
                hint = "let it take the descriptor that systemd passes, mostly by leaving out the option"
                yield found("service-binds-port", service, entry, message, hint)


def _told(arguments: tuple[str, ...], port: int) -> bool:
    pairs = (f"{a} {b}" for a, b in pairwise(arguments))
    return any((match := _PORT.match(word)) and int(match[1]) == port for word in (*arguments, *pairs))


def wrong_target(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Sockets come up together and early, through sockets.target."""
    for seen in view.of(graph).of("socket"):
        wanted = seen.all("WantedBy", "RequiredBy", "UpheldBy")
        words = {word for entry in wanted for word in entry.value.split()}
        if (
            words
            and words <= {*_BOOT, "network.target", "network-online.target"}
            and seen.flag("DefaultDependencies", True)
        ):
            message = f"`{seen.name}` is installed into `{wanted[0].value}`: it starts late, after what may need it"
            yield found("socket-wantedby", seen, wanted[0], message, f"write {say(seen, 'WantedBy', 'sockets.target')}")


def after_network(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """The network comes up after all sockets: to wait for it makes a ring, which systemd breaks somewhere."""
    for seen in view.of(graph).having("After"):
        if seen.kind != "socket" or seen.scope == "user" or not seen.flag("DefaultDependencies", True):
            continue
        for word, entry in seen.words("After"):
            if word in _LATE[:3]:
                message = f"`{seen.name}` waits for `{word}`, and what brings the network up waits for all sockets"
                hint = (
                    f"move {say(seen, 'After', word)} to the service; for an "
                    f"address that comes late set {say(seen, 'FreeBind', 'yes')}"
                )
                yield found("socket-after-network", seen, entry, message, hint)


def shell_breaks(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """The descriptors are for the process that systemd starts, which is the shell."""
    for socket, service in view.of(graph).activated(accept=False):
        for entry, run in runs(service):
            if run.keeps_shell and not service.get("StandardInput").startswith(("socket", "fd")):
                message = f"the shell gets the descriptors of `{socket.name}`: `LISTEN_PID` is not the program's"
                yield found("shell-breaks-listen-pid", service, entry, message, "begin its last command with `exec`")


def accept_stdin(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A program that knows nothing of descriptors reads its standard input."""
    for socket, service in view.of(graph).activated(accept=True):
        if service.get("StandardInput") in ("", "null") and service.get("StandardOutput") != "socket":
            message = f"the connection of `{socket.name}` is passed as descriptor 3, not as standard input"
            hint = f"set {say(service, 'StandardInput', 'socket')}, unless the program asks for LISTEN_FDS"
            yield found("accept-without-stdin", service, "ExecStart", message, hint, "StandardInput")


def errors_to_client(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """What a program complains of goes where its output goes: to whoever is connected."""
    for _, service in view.of(graph).activated(accept=True):
        if service.get("StandardInput") == "socket" and service.get("StandardError") in ("", "inherit", "socket"):
            if service.get("StandardOutput") not in ("", "inherit", "socket"):
                continue
            message = "what the program writes to standard error goes to the client"
            hint = f"set {say(service, 'StandardError', 'journal')}"
            yield found("errors-to-client", service, "StandardInput", message, hint, "StandardError")


def collect_mode(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Instances that failed are kept, and count as connections."""
    for socket, service in view.of(graph).activated(accept=True):
        if service.get("CollectMode") != "inactive-or-failed":
            message = f"instances that fail stay loaded, and count among the connections of `{socket.name}`"
            hint = f"set {say(service, 'CollectMode', 'inactive-or-failed')}"
            yield found("accept-collect-mode", service, None, message, hint, "CollectMode")


def trigger_loop(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A service that a condition keeps from starting leaves the connection waiting, and is started again."""
    for socket, service in view.of(graph).activated(accept=False):
        for name in service.lines:
            if name.startswith(("Condition", "Assert")) and name not in socket.lines and service.all(name):
                message = (
                    f"where `{name}=` does not hold, each connection starts "
                    f"`{service.name}` in vain, until `{socket.name}` fails"
                )
                hint = f"set {say(socket, name)} on `{socket.name}` as well"
                yield found("trigger-loop", service, name, message, hint)


def filter_misses(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """An address filter holds for the sockets that its own unit opens."""
    for socket, service in view.of(graph).activated():
        entry = service.entry("IPAddressDeny")
        if entry and entry.value and not socket.all("IPAddressDeny", "IPAddressAllow") and inets(socket):
            message = f"`IPAddressDeny=` does not hold for what `{socket.name}` listens on"
            yield found("ip-filter-misses-socket", service, entry, message, f"set it on `{socket.name}` as well")


def flush_accept(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """Flushing is for sockets whose connections wait for one service."""
    for seen in view.of(graph).having("FlushPending"):
        if seen.kind == "socket" and seen.flag("FlushPending") and seen.flag("Accept"):
            message = "`FlushPending=` has no effect on a socket that accepts connections itself"
            yield found(
                "flush-needs-no-accept", seen, "FlushPending", message, f"leave out {say(seen, 'FlushPending')}"
            )


def device_bound(graph: Graph, target: Target) -> Iterator[Diagnostic]:
    """A socket that is bound to an interface lives and dies with it."""
    for seen in view.of(graph).having("BindToDevice"):
        if seen.get("BindToDevice") not in ("", "*", "lo"):
            message = f"`{seen.name}` waits for the interface `{seen.get('BindToDevice')}`, and stops when it goes"
            yield found("socket-bound-to-device", seen, "BindToDevice", message, "know that, or filter by address")
