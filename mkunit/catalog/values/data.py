"""What is handed to a process: standard streams, text and data, credentials, opened files, patterns."""

from collections.abc import Iterator

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, deprecated, lost, meant
from mkunit.catalog.values.enums import judge, known, words
from mkunit.catalog.values.lists import each
from mkunit.catalog.values.names import descriptor, file_name
from mkunit.catalog.values.paths import judge as judge_path
from mkunit.catalog.values.paths import vague
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.words import PLAIN, RETAINED, Splitter, WordError, broken, unescape

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


URL_SAFE = 254  # the systemd that takes the other alphabet as well


def base64(text: str, version: int) -> bool:
    """Whether a text is base64 whose last character has no bits to spare."""
    plain = "".join(text.split())
    if version >= URL_SAFE:
        plain = plain.replace("-", "+").replace("_", "/")
    body = plain.rstrip("=")
    padding = len(plain) - len(body)
    if len(plain) % 4 or padding > 2 or not set(body) <= set(BASE64):
        return False
    return not padding or BASE64.index(body[-1]) % (4**padding) == 0


def check_stream(asked: Asked) -> Iterator[Finding]:
    """A word, `fd:NAME`, or one of `file:`, `append:` and `truncate:` with a path."""
    kind, colon, rest = asked.text.partition(":")
    output = asked.type == "exec_output"
    if colon and kind == "fd":
        name, wrong = expand(asked, rest)
        if wrong or not descriptor(name):
            yield wrong or asked.bad(f"`{rest}` is not the name of a file descriptor", "write ASCII without `:`")
    elif colon and kind in (("file", "append", "truncate") if output else ("file",)):
        if found := judge_path(asked, rest, asked.bad):
            yield found
    elif asked.text in (("file", "append", "truncate") if output else ("file",)):
        yield lost(f"`{asked.text}` has no path", f"write `{asked.text}:/PATH`")
    elif asked.text in ("syslog", "syslog+console") and output:
        new = asked.text.replace("syslog", "journal")
        yield deprecated(f"`{asked.text}` is an old word for `{new}`", f"write `{new}`")
    elif found := judge(asked, asked.text, asked.type):
        names = known(asked.type, asked.version)
        usual = f"write one of {', '.join(f'`{name}`' for name in names)}, or `file:PATH`"
        hint = f"write `file:{asked.text}`" if asked.text[0] == "/" else meant(asked.text, names, usual)
        yield asked.bad(f"`{asked.text}` is not a stream", hint)


def _escapes(text: str, nul: bool = False) -> str | None:
    """The first escape in a text that systemd does not know."""
    at = text.find("\\")
    while at >= 0:
        found = unescape(text, at + 1, nul)
        if found is None:
            return text[at : at + 2]
        at = text.find("\\", found[1])
    return None


def check_text(asked: Asked) -> Iterator[Finding]:
    """Text with C escapes."""
    if escape := _escapes(asked.text):
        yield asked.bad(f"`{escape}` is not an escape sequence", "write two backslashes for one")
    elif wrong := expand(asked, asked.text)[1]:
        yield wrong


def check_data(asked: Asked) -> Iterator[Finding]:
    """Data in base64."""
    if not base64(asked.text, asked.version):
        yield asked.bad("the value is not base64", "write what `base64 -w0` prints")


def _credential(asked: Asked, raw: str, glob: bool = False) -> Finding | None:
    name, wrong = expand(asked, raw, always=True)
    if wrong:
        return wrong
    plain = name.removesuffix("*") if glob else name
    if glob and name == "*":
        return None
    if not (file_name(plain) and descriptor(plain)) or (glob and set(plain) & set("*?[]")):
        hint = "write ASCII without slashes and colons" + (", and `*` at most at the end" if glob else "")
        return asked.bad(f"`{raw}` is not the name of a credential", hint)
    return None


def check_set_credential(asked: Asked) -> Iterator[Finding]:
    """`NAME:DATA`, in base64 if it is encrypted."""
    name, colon, data = asked.text.partition(":")
    if not colon or not data:
        yield asked.bad(f"`{asked.text}` is not a credential", "write `NAME:DATA`")
    elif found := _credential(asked, name):
        yield found
    elif asked.type == "set_credential_encrypted":
        if not base64(data, asked.version):
            yield asked.bad("the data is not base64", "write what `systemd-creds encrypt` prints")
    elif escape := _escapes(data, nul=True):
        yield asked.bad(f"`{escape}` is not an escape sequence", "write two backslashes for one")


def check_load_credential(asked: Asked) -> Iterator[Finding]:
    """`NAME`, or `NAME:PATH`, where the path may be the name of a credential of the system."""
    name, _, source = asked.text.partition(":")
    if found := _credential(asked, name):
        yield found
    elif source:
        path, wrong = expand(asked, source)
        right = (
            ".." not in path.split("/") and "//" not in path and "." not in path.split("/")
            if path[:1] == "/"
            else (file_name(path) and descriptor(path))
        )
        if wrong or not (right or vague(source)):
            yield wrong or asked.bad(f"`{source}` is not the source of a credential", "write an absolute path")


def check_import_credential(asked: Asked) -> Iterator[Finding]:
    """`NAME` or `PREFIX*`, and since systemd 257 `:` and what to call it."""
    name, colon, rename = asked.text.partition(":")
    if colon and asked.version < 257:
        yield asked.newer(asked.text, 257) or asked.bad("there is no `:` here")
    elif found := _credential(asked, name, glob=True):
        yield found
    elif rename and not (file_name(rename) and descriptor(rename)):
        yield asked.bad(f"`{rename}` is not the name of a credential", "write ASCII without slashes and colons")


OPEN = ("read-only", "append", "truncate", "graceful")


def check_open_file(asked: Asked) -> Iterator[Finding]:
    """`PATH[:NAME[:OPTIONS]]`."""
    fields = Splitter("c", quotes=False, by=":", joined=False)
    try:
        parts = fields.split(asked.text)
    except WordError as error:
        yield asked.bad(*broken(error))
        return
    options = [word for word in (parts[2] if len(parts) > 2 else "").split(",") if word]
    unknown = next((word for word in options if word not in OPEN), None)
    name = parts[1] if len(parts) > 1 and parts[1] else parts[0].rstrip("/").rpartition("/")[2]
    if not parts[0].startswith("/") or not name:
        yield asked.bad(f"the path `{parts[0]}` is not absolute", "write an absolute path of a file")
    elif unknown:
        yield asked.bad(f"`{unknown}` is not a way to open a file", meant(unknown, OPEN))
    elif len(parts) > 3 or len(set(options)) < len(options) or len(set(options) & set(OPEN[:3])) > 1:
        yield asked.bad(f"`{asked.text}` contradicts itself", "write at most one of `read-only`, `append`, `truncate`")
    elif not descriptor(name):
        yield asked.bad(f"`{name}` is not the name of a file descriptor", "write ASCII without `:`")


def check_pattern(asked: Asked) -> Iterator[Finding]:
    """A regular expression, with `~` before one whose messages are dropped."""
    import re
    import warnings

    pattern = asked.text.removeprefix("~")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except re.error:
        yield asked.bad(f"`{pattern}` is not a regular expression", "close each bracket, and escape what is literal")
    else:
        if not pattern:
            yield asked.bad("there is no pattern after `~`", "write one")


def check_attribute(asked: Asked) -> Iterator[Finding]:
    """`user.NAME=VALUE`, an extended attribute."""
    name, equal, value = asked.text.partition("=")
    text, wrong = expand(asked, name)
    wrong = wrong or expand(asked, value)[1]
    if wrong:
        yield wrong
    elif not equal or not text.startswith("user."):
        yield asked.bad(f"`{asked.text}` is not an attribute", "write `user.NAME=VALUE`")


def check_file_names(asked: Asked) -> Iterator[Finding]:
    """Names of rules, separated by blanks."""
    for word in each(asked, RETAINED):
        if isinstance(word, Finding):
            yield word
        elif not file_name(word) or not _safe(word):
            yield asked.bad(f"`{word}` is not the name of a rule", "write the name of a file, without its folder")


def check_sessions(asked: Asked) -> Iterator[Finding]:
    """Names of sessions, separated by blanks."""
    for word in each(asked, PLAIN):
        if isinstance(word, Finding):
            yield word
        elif not descriptor(word) or not _safe(word):
            yield asked.bad(f"`{word}` is not the name of a session", "write ASCII without `:` and quotes")


def _safe(word: str) -> bool:
    return not any(char in "\\\"'*?[" or ord(char) < 32 or char == "\x7f" for char in word)


CONTROL = frozenset(("notify_on_release", "release_agent", "tasks"))


def check_subgroup(asked: Asked) -> Iterator[Finding]:
    """The name of a control group, which no controller has taken."""
    name = asked.text
    first = name.partition(".")[0] if "." in name else ""
    if not file_name(name) or name[0] in "_." or name in CONTROL or first == "cgroup" or first in words("controller"):
        hint = "write a name without slashes that does not begin with `_`, `.` or a controller"
        yield asked.bad(f"`{name}` is not the name of a control group", hint)
