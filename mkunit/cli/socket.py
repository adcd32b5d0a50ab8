"""`mkunit socket`: one socket unit from flags."""

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence

from mkunit.cli import oneoff
from mkunit.cli.ui import Ui
from mkunit.dsl import Socket
from mkunit.errors import MkunitError
from mkunit.model.address import Address
from mkunit.model.graph import triggered
from mkunit.model.unit import Unit

LISTEN = {
    "--listen-stream": ("ListenStream", "ADDR", "a TCP port, or address:port"),
    "--listen-datagram": ("ListenDatagram", "ADDR", "a UDP port, or address:port"),
    "--listen-unix": ("ListenStream", "PATH", "a Unix stream socket"),
    "--listen-unix-datagram": ("ListenDatagram", "PATH", "a Unix datagram socket"),
    "--listen-sequential-packet": ("ListenSequentialPacket", "PATH", "a Unix sequential-packet socket"),
    "--listen-fifo": ("ListenFIFO", "PATH", "a named pipe"),
}
SPELLED = {
    "listen": "--listen-stream", "activates": "--unit", "accept": "--accept", "max_connections": "--max-connections",
    "backlog": "--backlog", "socket_user": "--socket-user", "socket_group": "--socket-group",
    "socket_mode": "--socket-mode", "description": "--description", "exec_start": "--exec",
}  # fmt: skip
_NODES = ("ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO")
USAGE = "mkunit socket NAME --listen-… ADDR [options]"
_EPILOG = """examples:
  mkunit socket myapp --listen-stream 8080 --install --start
  mkunit socket myapp --listen-unix %t/myapp.sock --socket-mode 0600 --dry-run
  mkunit socket ssh-proxy --listen-stream 2222 --accept --max-connections 100 --install
  mkunit socket web --listen-stream 8080 --exec ./server.py --install --start"""


class _Listen(Action):
    """Keeps the order of the addresses across flags: the service gets its descriptors in it."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: object, option_string: str | None = None
    ) -> None:
        flag = option_string or ""
        namespace.listen = [*(namespace.listen or []), Address(LISTEN[flag][0], str(values), flag)]


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "One socket unit. The flags --listen-* may repeat; their order is that of the file descriptors."
    )
    parser.epilog = _EPILOG
    parser.add_argument("name", nargs="?", metavar="NAME", help="the unit's name, without .socket")
    parser.add_argument("--unit", metavar="NAME", help="the service to activate (default: NAME.service)")
    parser.add_argument("--exec", dest="command_line", metavar="CMD", help="write the service too: it runs this")
    parser.add_argument("--arg", action="append", default=[], metavar="TEXT", help="one more argument for it")
    for flag, (_, metavar, text) in LISTEN.items():
        parser.add_argument(flag, action=_Listen, dest="listen", metavar=metavar, help=text)
    parser.add_argument("--accept", action="store_true", help="an instance of NAME@.service for each connection")
    parser.add_argument("--max-connections", metavar="N", help="simultaneous connections, with --accept (default: 64)")
    parser.add_argument("--backlog", metavar="N", help="connections that wait to be accepted (default: 128)")
    parser.add_argument("--socket-user", metavar="USER", help="owner of sockets in the file system")
    parser.add_argument("--socket-group", metavar="GROUP", help="their group")
    parser.add_argument("--socket-mode", metavar="MODE", help="their octal mode (default: 0666)")
    oneoff.arguments(parser, "socket")


def run(given: Namespace, ui: Ui) -> int:
    _complete(given, ui)
    _consistent(given)
    return oneoff.run(given, ui, "socket", lambda: _build(given, ui), SPELLED)


def _complete(given: Namespace, ui: Ui) -> None:
    """Ask for what is missing, where somebody is there to answer."""
    if not given.name:
        if not ui.interactive:
            raise oneoff.usage("usage", "the socket has no name", "write `mkunit socket NAME --listen-stream PORT`")
        from mkunit.cli import prompt  # only where somebody is asked

        given.name = prompt.asked(ui, "Name of the socket", lambda text: Socket(text, listen=[1]))
    if not given.listen and not any(text.startswith("Listen") for text in given.set):
        if not ui.interactive:
            hint = "give it `--listen-stream 8080`, `--listen-unix PATH`, or another `--listen-…`"
            raise oneoff.usage("no-listener", f"`{given.name}` listens on nothing", hint)
        from mkunit.cli import prompt  # as above

        text = prompt.asked(ui, "Listen on (port, address:port, or path)", lambda text: Socket("x", listen=[text]))
        given.listen = [Address("ListenStream", text, "--listen-unix" if text[0] in "/@%" else "--listen-stream")]


def _consistent(given: Namespace) -> None:
    """Flags that do nothing without another are a mistake: somebody believes that they protect."""
    for flag in ("unit", "max_connections", "backlog", "socket_user", "socket_group", "socket_mode"):
        if getattr(given, flag) == "":
            raise _empty(f"--{flag.replace('_', '-')}")
    if given.max_connections and not given.accept:
        hint = "add `--accept`, or leave it out: the service itself limits what it accepts"
        raise oneoff.usage("limit-needs-accept", "`--max-connections` has no effect without `--accept`", hint)
    owner = [flag for flag in ("user", "group", "mode") if getattr(given, f"socket_{flag}") is not None]
    if owner and not _in_file_system(given):
        flags = " and ".join(f"`--socket-{flag}`" for flag in owner)
        hint = "they are for sockets in the file system: add `--listen-unix PATH`, or leave them out"
        raise oneoff.usage("owner-needs-path", f"{flags}: there is no socket in the file system", hint)
    for address in given.listen or ():
        if not address.text:
            raise _empty(address.written or "--listen-stream")
        _right_flag(address)


def _empty(flag: str) -> MkunitError:
    return oneoff.usage("bad-value", f"`{flag}` is empty", "give it a value, or leave it out")


def _right_flag(address: Address) -> None:
    path = address.text.startswith(("/", "@", "%"))
    if "unix" in (address.written or "") or "packet" in (address.written or ""):
        if not path and (address.text.isdigit() or ":" in address.text):
            better = "--listen-datagram" if "datagram" in (address.written or "") else "--listen-stream"
            raise oneoff.usage(
                "bad-value", f"`{address.written}`: `{address.text}` is no path", f"write `{better} {address.text}`"
            )
        if not path:
            where = address.text.rpartition("/")[2] or address.text
            hint = f"write an absolute path, such as `/run/{where}`, or `%t/{where}` for the runtime directory"
            raise oneoff.usage("bad-value", f"`{address.written}`: `{address.text}` is no absolute path", hint)


def _in_file_system(given: Namespace) -> bool:
    """Whether a listener has a node in the file system; `--set` may name some, too."""
    addresses = [(address.directive, address.text) for address in given.listen or ()]
    addresses += [(name, value) for name, _, value in (text.partition("=") for text in given.set)]
    return any(name in _NODES and text.startswith(("/", "%")) for name, text in addresses)


def _build(given: Namespace, ui: Ui) -> Sequence[Unit]:
    socket = _socket(given)
    if given.command_line is None and not given.arg:
        return [socket]
    from mkunit.cli import program  # only where a service is wanted, too

    started = triggered(socket)
    # For each connection a program that reads its standard input, as inetd's do; it may take the descriptor as well.
    more = {"standard_input": "socket", "standard_error": "journal", "collect_mode": "inactive-or-failed"}
    name = started[0] if started else given.name
    return [socket, *program.service(given, ui, name, **(more if given.accept else {}))]


def _socket(given: Namespace) -> Unit:
    rest = oneoff.directives(given, "socket")
    options: dict[str, object] = {"description": given.description} if given.description is not None else {}
    if given.listen:
        options["listen"] = given.listen
    if given.accept:
        options["accept"] = True
    curated: dict[str, object] = {
        "max_connections": given.max_connections or ("64" if given.accept else None),
        "backlog": given.backlog or "128",
        "socket_user": given.socket_user,
        "socket_group": given.socket_group,
        "socket_mode": given.socket_mode or ("0666" if _in_file_system(given) else None),
    }
    explicit = {"max_connections": given.max_connections, "backlog": given.backlog, "socket_mode": given.socket_mode}
    for keyword, value in curated.items():
        if keyword in rest and explicit.get(keyword, value) is not None:
            name = SPELLED[keyword]
            raise oneoff.usage("double-directive", f"`{name}` and `--set` say the same", "leave one of them out")
        if value is not None and keyword not in rest:
            options[keyword] = value
    if given.unit:
        options["activates"] = given.unit
    return Socket(given.name, **(options | rest))  # type: ignore[arg-type]  # checked when it is built
