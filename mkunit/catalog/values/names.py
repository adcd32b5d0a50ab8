"""Names: of units, users, groups, file descriptors, buses, credentials and documents."""

from collections.abc import Callable, Iterator
from functools import cache
from re import Pattern, compile

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, ignored, lost, meant, refused
from mkunit.catalog.values.numbers import integer
from mkunit.catalog.values.specifiers import expand, opaque
from mkunit.catalog.values.words import BARE, PLAIN, QUOTED, RETAINED, BrokenWord, Splitter, broken

KINDS = (
    "service", "mount", "swap", "socket", "target", "device", "automount", "timer", "path", "slice", "scope",
)  # fmt: skip


@cache
def _unit() -> Pattern[str]:
    return compile(rf"[A-Za-z0-9:_.\\-][A-Za-z0-9:_.\\@-]*\.(?:{'|'.join(KINDS)})")


def unit_trouble(name: str, template: bool = False) -> str | None:
    """What is wrong with the name of a unit: a hint, or None."""
    if _unit().fullmatch(name) and len(name) < 256 and (template or "@." not in name):
        return None
    bare = name.strip("\"'")
    if bare != name and _unit().fullmatch(bare):
        return f"write `{bare}`, without quotes"
    if "," in name:
        return "separate names with blanks, without commas"
    if len(name) > 255:
        return "write a name of at most 255 bytes"
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix not in KINDS:
        if stem and (hint := meant(suffix, KINDS)) and hint.startswith("did"):
            return f"did you mean `{stem}.{hint.split('`')[1]}`?"
        usual = "target" if name in USUAL_TARGETS else "service"
        return f"write `{name}.{usual}`, with the suffix of its kind"
    if "@." in name:
        return f"name an instance, such as `{name.replace('@.', '@NAME.')}`"
    return "write a name of ASCII letters, digits and `:-_.\\@`, as `systemd-escape` makes it"


USUAL_TARGETS = frozenset((
    "network", "network-online", "network-pre", "multi-user", "graphical", "basic", "sysinit", "default", "sockets",
    "timers", "paths", "local-fs", "remote-fs", "local-fs-pre", "remote-fs-pre", "swap", "shutdown", "reboot",
    "time-sync", "time-set", "nss-lookup", "nss-user-lookup", "rpcbind", "graphical-session", "sleep", "suspend",
))  # fmt: skip


def _names(asked: Asked, splitter: Splitter) -> Iterator[tuple[str, str | Finding]]:
    try:
        words = splitter.split(asked.text)
    except BrokenWord as error:
        yield asked.text, asked.bad(*broken(error))
        return
    for word in words:
        name, trouble = expand(asked, word)
        yield word, trouble or name


def check_units(asked: Asked) -> Iterator[Finding]:
    """Names of units, separated by blanks; there are no quotes and no commas."""
    for word, name in _names(asked, BARE):
        if isinstance(name, Finding):
            yield name
        elif hint := unit_trouble(name, template=True):
            yield asked.bad(f"`{word}` is not the name of a unit", hint)


def check_sockets(asked: Asked) -> Iterator[Finding]:
    """Names of sockets, separated by blanks."""
    for word, name in _names(asked, PLAIN):
        if isinstance(name, Finding):
            yield name
        elif not name.endswith(".socket"):
            yield asked.bad(f"`{word}` is not the name of a socket", f"write `{name.rpartition('.')[0] or name}.socket`")
        elif hint := unit_trouble(name, template=True):
            yield asked.bad(f"`{word}` is not the name of a unit", hint)


def check_one_unit(asked: Asked) -> Iterator[Finding]:
    """The unit that a timer or a path starts."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif hint := unit_trouble(name, template=True):
        yield asked.bad(f"`{asked.text}` is not the name of a unit", hint)
    elif name == f"x.{asked.directive.section.lower()}" and asked.text == "%n":
        yield asked.bad("a unit cannot start itself", "write the name of another unit")


def check_service(asked: Asked) -> Iterator[Finding]:
    """The service that a socket starts."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not name.endswith(".service"):
        stem = name.rpartition(".")[0] if name.rpartition(".")[2] in KINDS else name
        yield asked.bad(f"`{asked.text}` is not the name of a service", f"write `{stem}.service`")
    elif hint := unit_trouble(name):
        yield asked.bad(f"`{asked.text}` is not the name of a unit", hint)


def check_slice(asked: Asked) -> Iterator[Finding]:
    """The slice that a unit is in; an impossible name of a slice makes the unit unusable."""
    name, trouble = expand(asked, asked.text)
    stem = name.removesuffix(".slice")
    if trouble:
        yield trouble
    elif asked.directive.section == "Slice":
        yield asked.bad("the name of a slice says which slice it is in", "leave out Slice=, and name it `PARENT-NAME.slice`")
    elif stem == name or unit_trouble(name):
        yield asked.bad(f"`{asked.text}` is not the name of a slice", f"write `{name.rpartition('.')[0] or name}.slice`")
    elif name != "-.slice" and (stem[0] == "-" or stem[-1] == "-" or "--" in stem or "@" in stem):
        hint = "write a name without `@`, whose parts are separated by single dashes"
        yield lost(f"`{asked.text}` is not the name of a slice, and the unit cannot start", hint)


def check_install(asked: Asked) -> Iterator[Finding]:
    """Names of units in [Install], where quotes are understood; a bad one makes `systemctl enable` fail."""
    for word, name in _names(asked, QUOTED):
        if isinstance(name, Finding):
            yield name
        elif hint := unit_trouble(name, template=True):
            yield asked.bad(f"`{word}` is not the name of a unit", hint)


def check_instance(asked: Asked) -> Iterator[Finding]:
    """The instance that a template is enabled as."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not _instance().fullmatch(name):
        hint = "write ASCII letters, digits and `:-_.\\@`, as `systemd-escape` makes it"
        yield asked.bad(f"`{asked.text}` is not an instance", hint)


@cache
def _instance() -> Pattern[str]:
    return compile(r"[A-Za-z0-9:_.\\@-]+")


@cache
def _account() -> Pattern[str]:
    return compile(r"[A-Za-z_][A-Za-z0-9_-]{0,30}")


def account_trouble(name: str, word: str) -> Finding | None:
    """What is wrong with a user or group: refused where systemd looks, lost where it does not."""
    number = int(name) if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") else None
    if number is not None and number < 2**32 and number not in (65535, 2**32 - 1):
        return None
    if _account().fullmatch(name):
        return None
    digits = name.removeprefix("-")
    wrong = not name or digits.isdigit() or not digits or name in (".", "..") or name != name.strip(" ")
    if wrong or any(char in ":/" or ord(char) < 32 or ord(char) == 127 for char in name):
        return refused(f"`{word}` is not the name or number of an account", "write the name as in /etc/passwd")
    bare = name.strip("\"'")
    if bare != name and _account().fullmatch(bare):
        return lost(f"the quotes are part of the name `{word}`", f"write `{bare}`")
    if " " in name or "," in name or "\t" in name:
        return lost(f"`{word}` is taken as one name", "write one name, without blanks and commas")
    return None


def check_account(asked: Asked) -> Iterator[Finding]:
    """A user or a group: a name, or a number."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield refused(trouble.message, trouble.hint) if trouble.outcome == "ignored" else trouble
    elif not opaque(asked, asked.text) and (found := account_trouble(name, asked.text)):
        yield found


def check_accounts(asked: Asked) -> Iterator[Finding]:
    """Groups, separated by blanks."""
    try:
        words = PLAIN.split(asked.text)
    except BrokenWord as error:
        yield refused(*broken(error))
        return
    for word in words:
        name, trouble = expand(asked, word)
        found = trouble or (None if opaque(asked, word) else account_trouble(name, word))
        if found:
            yield found


def file_name(name: str) -> bool:
    """Whether a name can be that of a file."""
    return name not in ("", ".", "..") and "/" not in name and len(name.encode()) <= 255


def descriptor(name: str) -> bool:
    """Whether a name can be that of a file descriptor."""
    return len(name) <= 255 and all(31 < ord(char) < 127 and char != ":" for char in name)


def check_descriptor(asked: Asked) -> Iterator[Finding]:
    """The name that a service finds its sockets by."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not descriptor(name):
        hint = "write at most 255 printable ASCII characters, without `:`"
        yield asked.bad(f"`{asked.text}` is not the name of a file descriptor", hint)


@cache
def _bus() -> Pattern[str]:
    return compile(r"[A-Za-z_-][A-Za-z0-9_-]*(?:\.[A-Za-z_-][A-Za-z0-9_-]*)+|:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def check_bus_name(asked: Asked) -> Iterator[Finding]:
    """A name on D-Bus: at least two parts with dots between them."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not opaque(asked, asked.text) and not (_bus().fullmatch(name) and len(name) <= 255):
        yield asked.bad(f"`{asked.text}` is not a bus name", "write a name such as `org.example.Service`")


def check_documentation(asked: Asked) -> Iterator[Finding]:
    """Addresses of documents, separated by blanks."""
    for word, name in _names(asked, RETAINED):
        if isinstance(name, Finding):
            yield name
        elif not _document(name):
            yield asked.bad(f"`{word}` is not an address of a document", _document_hint(name))


def _document(name: str) -> bool:
    for scheme in ("http://", "https://", "file:/", "info:", "man:"):
        if name.startswith(scheme):
            return len(name) > len(scheme) and name.isascii()
    return False


def _document_hint(name: str) -> str:
    if name.startswith("/"):
        return f"write `file:{name}`"
    if name.startswith("www."):
        return f"write `https://{name}`"
    if "," in name:
        return "separate addresses with blanks, without commas"
    if name.endswith(")") and "(" in name:
        return f"write `man:{name}`"
    return "write an address that begins with `https://`, `http://`, `file:/`, `info:` or `man:`"


def check_string(asked: Asked) -> Iterator[Finding]:
    """Free text, in which at most specifiers are looked at."""
    if trouble := expand(asked, asked.text)[1]:
        yield trouble


def check_reboot_argument(asked: Asked) -> Iterator[Finding]:
    """Text for the system call: ASCII, at most 255 characters."""
    text, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not text.isascii() or len(text) > 255:
        yield asked.bad("the argument is not short ASCII text", "write at most 255 ASCII characters")


def check_label(asked: Asked) -> Iterator[Finding]:
    """A label of a security module; with `-` before it a failure is no failure."""
    trouble = expand(asked, asked.text)[1]
    if trouble and trouble.outcome in ("ignored", "refused"):
        make: Callable[[str, str | None], Finding] = ignored if asked.text[0] == "-" else refused
        yield make(trouble.message, trouble.hint)
    elif trouble:
        yield trouble


def check_namespace(asked: Asked) -> Iterator[Finding]:
    """The name of a journal namespace."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not file_name(name) or not _instance().fullmatch(name) or "\\" in name:
        hint = "write ASCII letters, digits and `:-_.`, without blanks and slashes"
        yield asked.bad(f"`{asked.text}` is not the name of a journal namespace", hint)


def interface(name: str, alternative: bool = True) -> bool:
    """Whether a name can be that of a network interface."""
    if (integer(name) or 0) > 0 or len(name) >= (128 if alternative else 16):
        return False
    if name in ("", ".", "..", "all", "default"):
        return False
    return all(32 < ord(char) < 127 and char not in ":/%" for char in name) and not name.isdigit()
