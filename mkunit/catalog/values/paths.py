"""Paths: absolute and normalised, alone or in lists, with the prefixes that systemd gives a meaning."""

import re
from collections.abc import Callable, Iterator

from mkunit.catalog.spec import Finding, Outcome
from mkunit.catalog.values.asked import Asked, deprecated, ignored, lost, refused
from mkunit.catalog.values.lists import each
from mkunit.catalog.values.specifiers import UNKNOWN, expand
from mkunit.catalog.values.words import FIELDS, JOINED, QUOTED, RETAINED, Splitter, WordError, broken

FLAGS_SINCE = 257  # the systemd that reads a third field after the name of a folder
API = ("/proc", "/sys", "/dev")


def simple(path: str) -> str:
    """The path as systemd simplifies it: no double and no trailing slash, no `.` parts."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def below(path: str, roots: tuple[str, ...]) -> bool:
    """Whether a path is one of some folders or in one."""
    plain = simple(path)
    return any(plain == root or plain.startswith(root + "/") for root in roots)


def trouble(path: str, relative: bool = False) -> tuple[str, str] | None:
    """What is wrong with a path: a message without its beginning, and a hint."""
    if path.startswith("/") is relative:
        what = "absolute" if relative else "not absolute"
        return f"is {what}", _relative_hint(path) if relative else _absolute_hint(path)
    if ".." in path.split("/"):
        return "has `..` in it", "write the path that it leads to"
    if len(path.encode("utf-8", "surrogateescape")) > 4095 or any(len(part) > 255 for part in path.split("/")):
        return "is too long", "write at most 4095 bytes, 255 between slashes"
    if relative and not simple(path):
        return "is empty", "write a name"
    return None


def _absolute_hint(path: str) -> str:
    bare = path.strip("\"'")
    if bare != path and bare.startswith("/"):
        return f"write `{bare}`, without quotes"
    if path.startswith("~"):
        return "write the home folder in full, or `%h` for the manager's own"
    if path.startswith("$"):
        return "write the path itself, or a specifier such as `%t` or `%S`; there are no variables here"
    return f"write `/{path.removeprefix('./')}`, or a specifier such as `%t` before it"


def _relative_hint(path: str) -> str:
    for root in ("/var/lib/", "/run/", "/var/run/", "/var/cache/", "/var/log/", "/etc/"):
        if path.startswith(root) and len(path) > len(root):
            return f"write `{path.removeprefix(root)}`, which is below `{root.rstrip('/')}`"
    return "write a name without a leading slash"


def vague(raw: str) -> bool:
    """Whether a path begins with a specifier that may or may not give it a slash."""
    return raw[:1] == "%" and raw[1:2] in "IJP" and len(raw) > 1


def judge(asked: Asked, raw: str, make: Callable[[str, str | None], Finding], relative: bool = False) -> Finding | None:
    """One path in which specifiers are expanded."""
    path, wrong = expand(asked, raw)
    if wrong:
        return wrong if wrong.outcome is Outcome.NEWER else make(wrong.message, wrong.hint)
    if path.startswith(UNKNOWN) and vague(raw) and not relative:
        return None
    if found := trouble(path, relative):
        return make(f"the path `{raw}` {found[0]}", found[1])
    return None


def check_path(asked: Asked) -> Iterator[Finding]:
    """One absolute path, without quotes; blanks are part of it."""
    if (found := judge(asked, asked.text, asked.bad)) or (found := old(asked.text)):
        yield found


def old(path: str) -> Finding | None:
    """A path in a folder that has moved."""
    if path.startswith("/var/run/"):
        return deprecated(f"`{path}` is in an old folder", f"write `{path.removeprefix('/var')}`")
    return None


def check_special_path(asked: Asked) -> Iterator[Finding]:
    """One absolute path, and newer systemds refuse those below /dev, /proc and /sys."""
    if found := judge(asked, asked.text, asked.bad):
        yield found
    elif asked.version >= 255 and below(asked.text, API):
        yield asked.bad(f"the path `{asked.text}` is below /dev, /proc or /sys", "write another place, such as `/run`")
    elif found := old(asked.text):
        yield found


def check_dashed_path(asked: Asked) -> Iterator[Finding]:
    """One absolute path, with `-` before it if it may be missing."""
    if found := judge(asked, asked.text.removeprefix("-"), asked.bad):
        yield found


def check_working_directory(asked: Asked) -> Iterator[Finding]:
    """One absolute path or `~`, with `-` before it if it may be missing."""
    raw = asked.text.removeprefix("-")
    make = refused if raw == asked.text else ignored
    if raw != "~" and (found := judge(asked, raw, make)):
        yield found


def check_pid_file(asked: Asked) -> Iterator[Finding]:
    """A path, below /run if it is relative."""
    path, wrong = expand(asked, asked.text)
    if wrong:
        yield ignored(wrong.message, wrong.hint) if wrong.outcome is Outcome.REFUSED else wrong
        return
    path = path if path.startswith("/") else f"/run/{path}"
    if found := trouble(path):
        yield refused(f"the path `{asked.text}` {found[0]}", found[1])
    elif asked.version >= 255 and below(path, API):
        yield refused(f"the path `{asked.text}` is below /dev, /proc or /sys", "write a path below `/run`")
    elif moved := old(path):
        yield moved


def comma(word: str) -> Iterator[Finding]:
    """Paths with commas between them, which systemd takes for one."""
    if ",/" in word or ",-/" in word:
        yield lost(
            f"`{word}` is taken as one path", f"separate the paths with blanks: `{re.sub(',(?=-?/)', ' ', word)}`"
        )


def check_paths(asked: Asked) -> Iterator[Finding]:
    """Absolute paths, separated by blanks, with quotes."""
    for word in each(asked, QUOTED):
        if isinstance(word, Finding):
            yield word
        elif found := judge(asked, word, asked.bad):
            yield found
        else:
            yield from comma(word)


def check_prefixed_paths(asked: Asked) -> Iterator[Finding]:
    """Absolute paths with `-` (may be missing) and `+` (below the root folder of the service) before them."""
    for word in each(asked, QUOTED):
        if isinstance(word, Finding):
            yield word
            continue
        raw = word.removeprefix("-").removeprefix("+")
        if found := judge(asked, raw, asked.bad):
            yield found
        else:
            yield from comma(word)


def check_search_path(asked: Asked) -> Iterator[Finding]:
    """Absolute paths with colons between them."""
    splitter = Splitter(quotes=False, by=":", joined=False)
    for word in each(asked, splitter):
        if isinstance(word, Finding):
            yield word
        elif found := judge(asked, word, asked.bad):
            yield found


def check_directories(asked: Asked) -> Iterator[Finding]:
    """Names of folders below the one that the directive is about, each with a link to it."""
    for word in each(asked, RETAINED):
        if isinstance(word, Finding):
            yield word
            continue
        try:
            fields = (FIELDS if asked.version >= FLAGS_SINCE else JOINED).split(word)
        except WordError as error:
            yield asked.bad(*broken(error))
            return
        if not fields:
            yield asked.bad(f"`{word}` has no name in it", "write the name of a folder")
            return
        yield from _directory(asked, word, fields)


def _directory(asked: Asked, word: str, fields: list[str]) -> Iterator[Finding]:
    if found := judge(asked, fields[0], asked.bad, relative=True):
        yield found
    elif below("/" + fields[0], ("/private",)):
        yield asked.bad(f"`{word}` is a name that systemd keeps for itself", "write another name than `private`")
    elif len(fields) > 1 and fields[1] and asked.type == "exec_directories_plain":
        yield asked.bad(f"`{word}` has a link, which this directive does not take", f"write `{fields[0]}`")
    elif len(fields) > 1 and fields[1] and (found := judge(asked, fields[1], asked.bad, relative=True)):
        yield found
    elif len(fields) > 2 and fields[2] not in ("", "ro"):
        make = asked.bad if asked.version >= FLAGS_SINCE else lost
        yield make(f"`{fields[2]}` is not a flag of a folder", "write `ro`, or leave it out")
    elif len(fields) > 2 and fields[2] and (newer := asked.newer(":ro", FLAGS_SINCE)):
        yield newer
    elif "," in fields[0]:
        yield lost(f"`{word}` is taken as one name", "separate names with blanks")
