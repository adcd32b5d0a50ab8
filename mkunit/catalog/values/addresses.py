"""Internet addresses and ports as systemd reads them, and the usual slips in them."""

HEX = frozenset("0123456789abcdefABCDEF")


def quad(text: str) -> bool:
    """Whether a text is an IPv4 address."""
    parts = text.split(".")
    return len(parts) == 4 and all(
        part.isascii() and part.isdigit() and (part == "0" or part[0] != "0") and int(part) < 256 for part in parts
    )


def six(text: str) -> bool:
    """Whether a text is an IPv6 address."""
    if text.count(":") < 2 or text.count("::") > 1:
        return False
    head, short, tail = text.partition("::")
    groups = [group for side in (head, tail) if side for group in side.split(":")]
    if groups and "." in groups[-1]:
        if not quad(groups[-1]) or not text.endswith(groups[-1]):
            return False
        groups[-1:] = ["0", "0"]
    right = all(0 < len(group) <= 4 and set(group) <= HEX for group in groups)
    return right and (len(groups) < 8 if short else len(groups) == 8)


def slip(text: str, host: str, port: str) -> tuple[str, str]:
    """What is wrong with something that is neither a port nor an address and a port: a message and a hint."""
    return _layout(text) or _missing(text, host, port) or _place(host, port)


def _layout(text: str) -> tuple[str, str] | None:
    first, _, rest = text.partition(" ")
    if rest:
        what = "a comment needs a line of its own" if rest[0] in "#;" else "each address needs a line of its own"
        return "is more than one address", f"write `{first}`; {what}"
    if text[0] in "\"'":
        return "has quotes around it", f"write `{text.strip(text[0])}`, without quotes"
    if "://" in text:
        return "is a URL", "write the port alone, or an address and a port such as `127.0.0.1:80`"
    if "/" in text:
        hint = f"write `/{text}`, or `%t/{text}` for the runtime folder"
        return "is neither an absolute path nor an address", hint
    if text.isdigit():
        return "is not a port, since a leading 0 means octal", f"write `{text.lstrip('0')}`"
    return None


def _missing(text: str, host: str, port: str) -> tuple[str, str] | None:
    if six(host) and port.isdigit() and not text.endswith(f"::{port}"):
        return "does not tell the address from the port", f"write `[{host}]:{port}`"
    if six(text):
        return "has no port", f"write `[{text}]:80`, with the port"
    if quad(text) or (text[0] == "[" and six(text[1:-1])):
        return "has no port", f"write `{text}:80`, with the port"
    if host in ("*", "") and port.isdigit():
        hint = f"write `{port}` for all addresses, or `127.0.0.1:{port}` for this machine"
        return "has no address before the port", hint
    return None


def _place(host: str, port: str) -> tuple[str, str]:
    if host[:1] == "[" and quad(host[1:-1]):
        return "has an IPv4 address in brackets", f"write `{host[1:-1]}:{port}`"
    if "%" in host:
        inside, _, zone = host.strip("[]").partition("%")
        return "has its interface in the brackets", f"write `[{inside}]:{port}%%{zone}`"
    if host and port.isdigit():
        hint = f"write an address: `127.0.0.1:{port}`, or `{port}` for all of them"
        return "names a host, which is not looked up", hint
    return "is not an address", "write a port, `ADDRESS:PORT`, `[ADDRESS]:PORT` for IPv6, a path, or `@NAME`"
