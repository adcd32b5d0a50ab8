"""`mkunit probe`: whether anybody answers at an address, who it is, and how quickly."""

from argparse import ArgumentParser, Namespace

from mkunit.cli.ui import Ui
from mkunit.errors import DeniedError, Diagnostic, MkunitError, UsageError
from mkunit.reporter.clean import printable
from mkunit.system.knock import Address, Answer, knock

USAGE = "mkunit probe ADDR [options]"


def arguments(parser: ArgumentParser, name: str) -> None:
    parser.description = (
        "Connect to an address as a client would, and say who answers. A socket unit's service is started by it."
    )
    parser.epilog = (
        "examples:\n  mkunit probe 8080\n  mkunit probe 192.0.2.7:443 --timeout 2\n  mkunit probe /run/web.sock"
    )
    parser.add_argument("address", metavar="ADDR", help="a port, host:port, the path of a Unix socket, or @abstract")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS", help="how long to try (default: 5)")
    parser.add_argument(
        "--wait", type=float, default=0.3, metavar="SECONDS", help="how long to listen for a greeting (default: 0.3)"
    )


def run(given: Namespace, ui: Ui) -> int:
    address = parsed(given.address)
    if not 0 < given.timeout <= 3600 or not 0 <= given.wait <= 3600:
        raise UsageError(Diagnostic("bad-value", "`--timeout` and `--wait` are seconds", "write such as `--timeout 2`"))
    try:
        answer = knock(address, given.timeout, given.wait)
    except OSError as error:
        raise _nobody(given, error) from None
    if ui.json:
        milliseconds = round(answer.milliseconds, 3)
        ui.document(
            {
                **answer._asdict(),
                "milliseconds": milliseconds,
                "greeting": answer.greeting.decode(errors="replace"),
                "answers": True,
            }
        )
    else:
        ui.data(_line(answer))
    return 0


def parsed(text: str) -> Address:
    """An address as unit files have it, and as a client can reach it: a port alone is this machine's.

    >>> parsed("8080"), parsed("[::1]:80"), parsed("/run/web.sock")
    (('localhost', 8080), ('::1', 80), '/run/web.sock')
    """
    if text.startswith(("/", "@")) and len(text) > 1:
        return text
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536:
        hint = "write a port, host:port, a path from the root, or @name"
        raise UsageError(Diagnostic("bad-value", f"`{text}` is no address", hint))
    bare = host.removeprefix("[").removesuffix("]")
    return ("localhost" if bare in ("", "0.0.0.0", "::", "*") else bare, int(port))


def _line(answer: Answer) -> str:
    who = f"{answer.process} (pid {answer.pid})" if answer.process else "somebody"
    where = f" of {answer.unit}" if answer.unit else ""
    text = f"{answer.where} is answered by {who}{where} in {answer.milliseconds:.1f} ms\n"
    if answer.greeting:
        first = answer.greeting.decode(errors="replace").split("\n")[0].rstrip("\r")
        text += f"it says: {printable(first)}\n"
    return text


def _nobody(given: Namespace, error: OSError) -> MkunitError:
    why = "nobody answered in time" if isinstance(error, TimeoutError) else (error.strerror or str(error)).lower()
    denied = isinstance(error, PermissionError)
    hint = "`systemctl list-sockets` and `ss -ltn` show who listens where"
    hint = "the socket's mode and owner say who may connect" if denied else hint
    return (DeniedError if denied else MkunitError)(Diagnostic("no-answer", f"`{given.address}`: {why}", hint))
