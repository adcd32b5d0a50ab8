"""The words for values: command lines, literal text, and the addresses that sockets listen on."""

from enum import Enum
from os import PathLike, fspath
from typing import Literal as Words

from mkunit.dsl.wrong import wrong
from mkunit.model.address import Address
from mkunit.model.unit import Unit
from mkunit.model.value import Command, Literal, Raw


def cmd(
    program: "str | PathLike[str] | Raw",
    *arguments: "str | int | float | PathLike[str] | Unit | Raw",
    ignore_failure: bool = False,
    full_privileges: bool = False,
    no_setuid: bool = False,
    ambient: bool = False,
    login_shell: bool = False,
    expand: bool = True,
    argv0: str | None = None,
) -> Command:
    """A command line as data: the program gets each argument exactly as it stands here (systemd.service(5)).

    `ignore_failure` is the prefix `-`, `full_privileges` `+`, `no_setuid` `!`, `ambient` `!!`, `login_shell` `|` (since
    systemd 258), `expand=False` `:`, and `argv0` `@`. `raw("%h")` lets one argument keep systemd's specifiers.

    >>> print(cmd("/usr/bin/echo", "a b", "100%", "$x"))
    /usr/bin/echo "a b" 100%% $$x
    """
    if len([given for given in (full_privileges, no_setuid, ambient) if given]) > 1:
        raise wrong("bad-command", "only one of `full_privileges`, `no_setuid` and `ambient` can hold")
    words = [_word(word) for word in (program, *arguments)]
    first = words[0].text if isinstance(words[0], Raw) else words[0]
    if not first:
        raise wrong("bad-command", "the program's name is empty", "give its absolute path")
    if first[0] in _PREFIXES:
        hint = f"write cmd({first[1:]!r}, …, {_PREFIXES[first[0]]})"
        raise wrong("bad-command", f"systemd would read the `{first[0]}` of `{first}` as a prefix", hint)
    argv0 = _str(argv0, "argv0=") if argv0 is not None else None
    command = Command(tuple(words), ignore_failure, full_privileges, no_setuid, ambient, login_shell, expand, argv0)
    try:
        str(command)
    except ValueError as error:
        raise wrong("bad-command", f"an argument of `{first!a}` is not possible: {error}", "leave it out") from None
    return command


_PREFIXES = {
    "-": "ignore_failure=True",
    "@": "argv0=…",
    ":": "expand=False",
    "+": "full_privileges=True",
    "!": "no_setuid=True",
    "|": "login_shell=True",
}


def _word(word: object) -> str | Raw:
    match word:
        case str():
            return word
        case Raw():
            return word
        case bool():
            raise wrong("wrong-type", f"`{word}` is no argument of a command", 'write the word, such as "yes"')
        case Enum():
            return _word(word.value)
        case int() | float() | Unit():
            return str(word)
        case PathLike():
            return _text(word)
        case None:
            raise wrong("wrong-type", "None is no argument of a command", "leave it out")
        case list() | tuple():
            hint = "give each argument by itself: cmd(…, *arguments)"
            raise wrong("wrong-type", f"a {type(word).__name__} is no argument of a command", hint)
        case _:
            raise wrong("wrong-type", f"a {type(word).__name__} is no argument of a command", "give it as a str")


def _text(path: "PathLike[str] | PathLike[bytes]") -> str:
    text = fspath(path)
    if isinstance(text, bytes):
        raise wrong("wrong-type", "a path of bytes is no argument of a command", "give it as a str")
    return text


def literal(text: str) -> Literal:
    """Text whose `%` is no specifier.

    >>> literal("100%").text
    '100%'
    """
    return Literal(_str(text, "literal()"))


def raw(text: str) -> Raw:
    """One argument of `cmd()`, or one value of `environment=`, in which `%` and `$` keep their meaning for systemd.

    >>> print(cmd("/usr/bin/app", raw("--home=%h"), "100%"))
    /usr/bin/app --home=%h 100%%
    """
    return Raw(_str(text, "raw()"))


def _str(text: object, what: str) -> str:
    if isinstance(text, str):
        return text
    raise wrong("wrong-type", f"{what} takes a str, not {type(text).__name__}", "give it as a str")


def _path(path: object, what: str) -> str:
    text = fspath(path) if isinstance(path, PathLike) else path
    if isinstance(text, str):
        return text
    raise wrong("wrong-type", f"{what} takes a path, not {type(path).__name__}", "give it as a str or a pathlib.Path")


def tcp(port: int, *, host: str | None = None) -> Address:
    """A TCP port, on all addresses or on one; IPv4 or IPv6, with no name to look up (systemd.socket(5)).

    >>> tcp(8080, host="::1").text
    '[::1]:8080'
    """
    return Address("ListenStream", _inet(port, host))


def udp(port: int, *, host: str | None = None) -> Address:
    """A UDP port, on all addresses or on one.

    >>> udp(53, host="127.0.0.1")
    Address('ListenDatagram', '127.0.0.1:53')
    """
    return Address("ListenDatagram", _inet(port, host))


def _inet(port: object, host: str | None) -> str:
    if isinstance(port, bool) or not isinstance(port, int | str):
        raise wrong("wrong-type", f"a port is an int, not {type(port).__name__}", "write a number from 1 to 65535")
    if host is None:
        return str(port)
    if not isinstance(host, str) or not host:
        raise wrong("bad-value", f"a host cannot be {host!r}", "write an address, or leave it out to listen on all")
    address, percent, zone = host.strip("[]").partition("%")
    if ":" in address:
        return f"[{address}]:{port}" + (f"%%{zone}" if percent else "")
    return f"{address}:{port}"


_UNIX = {"stream": "ListenStream", "datagram": "ListenDatagram", "seqpacket": "ListenSequentialPacket"}


def unix(path: "str | PathLike[str]", *, kind: Words["stream", "datagram", "seqpacket"] = "stream") -> Address:
    """A Unix socket in the file system, or with a leading `@` an abstract one.

    >>> unix("/run/web.sock")
    Address('ListenStream', '/run/web.sock')
    """
    if kind not in _UNIX:
        raise wrong("bad-value", f"a Unix socket cannot be of kind {kind!r}", f"write one of {', '.join(_UNIX)}")
    return Address(_UNIX[kind], _path(path, "unix()"))


def fifo(path: "str | PathLike[str]") -> Address:
    """A named pipe.

    >>> fifo("/run/log.pipe").directive
    'ListenFIFO'
    """
    return Address("ListenFIFO", _path(path, "fifo()"))


def special(path: "str | PathLike[str]") -> Address:
    """A character device, or a file in /proc or /sys.

    >>> special("/dev/kmsg").directive
    'ListenSpecial'
    """
    return Address("ListenSpecial", _path(path, "special()"))


def netlink(family: str, group: int | None = None) -> Address:
    """A netlink family such as `kobject-uevent`, and a multicast group.

    >>> netlink("kobject-uevent", 1).text
    'kobject-uevent 1'
    """
    family = _str(family, "netlink()")
    return Address("ListenNetlink", family if group is None else f"{family} {group}")


def message_queue(name: str) -> Address:
    """A POSIX message queue, its name with one leading slash.

    >>> message_queue("/jobs").directive
    'ListenMessageQueue'
    """
    return Address("ListenMessageQueue", _str(name, "message_queue()"))


def usb_function(path: "str | PathLike[str]") -> Address:
    """The place where a USB FunctionFS is mounted.

    >>> usb_function("/dev/ffs").directive
    'ListenUSBFunction'
    """
    return Address("ListenUSBFunction", _path(path, "usb_function()"))


def vsock(port: int, *, cid: int | None = None) -> Address:
    """An AF_VSOCK port, for all of the machine's addresses or for one context identifier.

    >>> vsock(1234, cid=2).text
    'vsock:2:1234'
    """
    return Address("ListenStream", f"vsock:{'' if cid is None else cid}:{port}")
