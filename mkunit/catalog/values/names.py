"""Names: of users, groups, file descriptors, buses, journal namespaces, interfaces and documents."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, ignored, lost, refused
from mkunit.catalog.values.lists import expanded
from mkunit.catalog.values.numbers import integer
from mkunit.catalog.values.specifiers import expand, opaque
from mkunit.catalog.values.words import PLAIN, RETAINED, WordError, broken


@cache
def _account() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,30}")


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
    elif found := account_trouble(name, asked.text):
        yield found


def check_accounts(asked: Asked) -> Iterator[Finding]:
    """Groups, separated by blanks."""
    try:
        words = PLAIN.split(asked.text)
    except WordError as error:
        yield refused(*broken(error))
        return
    for word in words:
        name, trouble = expand(asked, word)
        found = trouble or account_trouble(name, word)
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
def _bus() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*(?:\.[A-Za-z_-][A-Za-z0-9_-]*)+|:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def check_bus_name(asked: Asked) -> Iterator[Finding]:
    """A name on D-Bus: at least two parts with dots between them."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not opaque(asked, asked.text) and not (_bus().fullmatch(name) and len(name) <= 255):
        yield asked.bad(f"`{asked.text}` is not a bus name", "write a name such as `org.example.Service`")


def check_documentation(asked: Asked) -> Iterator[Finding]:
    """Addresses of documents, separated by blanks."""
    for word, name in expanded(asked, RETAINED):
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


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9:_.@-]+")


def check_namespace(asked: Asked) -> Iterator[Finding]:
    """The name of a journal namespace."""
    name, trouble = expand(asked, asked.text)
    if trouble:
        yield trouble
    elif not file_name(name) or not _word().fullmatch(name):
        hint = "write ASCII letters, digits and `:-_.`, without blanks and slashes"
        yield asked.bad(f"`{asked.text}` is not the name of a journal namespace", hint)


def interface(name: str, alternative: bool = True) -> bool:
    """Whether a name can be that of a network interface."""
    if (integer(name) or 0) > 0 or len(name) >= (128 if alternative else 16):
        return False
    if name in ("", ".", "..", "all", "default"):
        return False
    return all(32 < ord(char) < 127 and char not in ":/%" for char in name) and not name.isdigit()
