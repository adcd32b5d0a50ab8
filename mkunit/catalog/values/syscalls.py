"""System calls: filters of names and groups, and the errors that a call can be answered with."""

from collections.abc import Iterator, Mapping
from functools import cache

from mkunit.catalog.spec import Finding
from mkunit.catalog.values.asked import Asked, lost, meant
from mkunit.catalog.values.enums import words
from mkunit.catalog.values.lists import each
from mkunit.catalog.values.numbers import integer
from mkunit.catalog.values.tables import rows
from mkunit.catalog.values.words import PLAIN, QUOTED


@cache
def calls() -> Mapping[str, int]:
    """The system calls and the groups of them, each with the systemd that brought it."""
    return {name: int(since or 0) for name, since in rows("syscalls.tsv")}


def check_filter(asked: Asked) -> Iterator[Finding]:
    """Names of calls and groups; with `~` before them a list of what is denied, and then with errors."""
    deny = asked.text[0] == "~"
    for word in each(asked, PLAIN, asked.text.removeprefix("~")):
        if isinstance(word, Finding):
            yield word
            continue
        name, colon, number = word.partition(":")
        if colon and asked.type == "syscall_log":
            yield asked.bad(f"`{word}` has an error, which a log does not take", f"write `{name}`")
        elif colon and (hint := error_trouble(number, action=True)):
            yield asked.bad(f"`{number}` is not an error", hint)
        elif colon and not deny:
            yield asked.bad(f"`{word}` has an error, which a list of what is allowed does not take", f"write `{name}`")
        elif name in calls():
            if found := asked.newer(name, calls()[name]):
                yield found
        else:
            what = "group of system calls" if name[:1] == "@" else "system call"
            yield asked.bad(f"`{name}` is not a {what}", _hint(name))


def _hint(name: str) -> str | None:
    if "," in name:
        return "separate the words with blanks, without commas"
    if f"@{name}" in calls():
        return f"write `@{name}`"
    groups = name[:1] == "@"
    return meant(name, [call for call in calls() if (call[0] == "@") is groups])


def error_trouble(text: str, action: bool = False) -> str | None:
    """What to write instead of something that is no error."""
    if text.upper() in words("errno") or text == "kill":
        return None
    number = integer(text)
    if number is not None and (0 if action else 1) <= number <= 4095:
        return None
    return meant(text, words("errno"), "write a name such as `EPERM`, a number from 1 to 4095, or `kill`")


def check_error(asked: Asked) -> Iterator[Finding]:
    """`kill`, or an error by name or number."""
    if hint := error_trouble(asked.text):
        yield asked.bad(f"`{asked.text}` is not an error", hint)


def check_filesystems(asked: Asked) -> Iterator[Finding]:
    """Names of file systems and groups of them."""
    groups = words("filesystem_group")
    for word in each(asked, QUOTED, asked.text.removeprefix("~")):
        if isinstance(word, Finding):
            yield word
        elif word[:1] == "@" and word not in groups:
            yield asked.bad(f"`{word}` is not a group of file systems", meant(word, groups))
        elif word not in groups and word not in words("filesystem"):
            hint = "separate the words with blanks, without commas" if "," in word else meant(word, words("filesystem"))
            yield lost(f"`{word}` is not a file system that systemd knows, and is skipped without a word", hint)
