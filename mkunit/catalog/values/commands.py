"""Command lines: prefixes, the executable, arguments with quotes and escapes, and what only a shell understands."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from mkunit.catalog.spec import Finding, Outcome
from mkunit.catalog.values.asked import Asked, deprecated, ignored, lost, refused
from mkunit.catalog.values.names import file_name
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.words import BLANKS, ESCAPED, LAX, WordError

SHELLS = frozenset((
    "sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox", "su", "runuser", "env", "ssh", "xargs",
))  # fmt: skip
PLUMBING = frozenset(("|", "||", "&&", "&", ">", ">>", "<", "2>", "2>>", "2>&1", ">/dev/null", "2>/dev/null", "&>"))
SHELL_SINCE = 258  # the systemd that runs the user's shell for `|`, and that has dropped the sense of `!!`
GLOBS_UNTIL = 260  # the systemd that refuses wildcards in the path of an executable

Make = Callable[[str, str | None], Finding]


class LineError(Exception):
    """The rest of the line is not read."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def check_command(asked: Asked) -> Iterator[Finding]:
    """One command, or several with `;` between them."""
    found: list[Finding] = []
    try:
        if not _commands(asked, found):
            found.append(lost(f"`{asked.text}` holds no command", "write a command, or leave the line out"))
    except LineError as error:
        found.append(error.finding)
    return iter(found)


def _commands(asked: Asked, found: list[Finding]) -> int:
    """How many commands there are."""
    at: int | None = 0
    count = 0
    while at is not None:
        word, at = _word(asked.text, at, found)
        if word is not None and word != ";":
            at = _command(asked, word, at, found)
            count += 1
    return count


def _word(text: str, at: int | None, found: list[Finding], make: Make = ignored) -> tuple[str | None, int | None]:
    """The next word; escapes that systemd does not know are kept."""
    try:
        return ESCAPED.first(text, at)
    except WordError as error:
        if not error.quote:
            what = f"`{error.word}` is not an escape sequence, and stays as it is"
            found.append(ignored(what, f"write `\\{error.word}`"))
    try:
        return LAX.first(text, at)
    except WordError as error:
        hint = "close it, or write `\\x22` or `\\x27` for the character itself"
        raise LineError(make("a quote is opened and never closed", hint)) from error


def _command(asked: Asked, word: str, at: int | None, found: list[Finding]) -> int | None:
    """Judge one command, and say where the next begins."""
    prefixes, path = _prefixes(asked, word)
    make = ignored if "-" in prefixes else refused
    if "|" not in prefixes and (wrong := _executable(asked, path)):
        raise LineError(_as(wrong, make))
    if finding := _prefix_trouble(asked, prefixes, path):
        found.append(finding)
    words, at = _arguments(asked.text, at, found, make)
    if "@" in prefixes and "|" not in prefixes and not words:
        raise LineError(make(f"`{word}` has no name to run under", "write the name after the path, or leave out `@`"))
    for argument in words:
        if wrong := expand(asked, argument)[1]:
            raise LineError(_as(wrong, make))
    found.extend(_mistakes(path.rpartition("/")[2], words, prefixes))
    return at


def _as(finding: Finding, make: Make) -> Finding:
    return finding if finding.outcome is Outcome.NEWER else make(finding.message, finding.hint)


def _arguments(text: str, at: int | None, found: list[Finding], make: Make) -> tuple[list[str], int | None]:
    """The arguments of a command, and where the next command begins."""
    words: list[str] = []
    while at is not None:
        mark = next((mark for mark in (";", "\\;") if _alone(text, at, mark)), "")
        if mark:
            at = _skip(text, at + len(mark))
            if mark == ";":
                return words, at
            words.append(";")
            continue
        word, at = _word(text, at, found, make)
        if word is not None:
            words.append(word)
    return words, None


def _alone(text: str, at: int, mark: str) -> bool:
    end = at + len(mark)
    return text.startswith(mark, at) and (end == len(text) or text[end] in BLANKS)


def _skip(text: str, at: int) -> int | None:
    while at < len(text) and text[at] in BLANKS:
        at += 1
    return at if at < len(text) else None


def _prefixes(asked: Asked, word: str) -> tuple[str, str]:
    """The characters before the executable, each of which counts once, and the rest."""
    seen = ""
    for place, char in enumerate(word):
        once = char in "-@:" or (char == "|" and asked.version >= SHELL_SINCE)
        power = char == "+" and not set(seen) & set("+!")
        weak = char == "!" and "+" not in seen and seen.count("!") < 2
        if not (once and char not in seen) and not power and not weak:
            return seen, word[place:]
        seen += char
    return seen, ""


def _prefix_trouble(asked: Asked, prefixes: str, path: str) -> Finding | None:
    if path.startswith("|"):
        return asked.newer("|", SHELL_SINCE)
    if prefixes.count("!") == 2 and asked.version >= SHELL_SINCE:
        return deprecated("`!!` has no effect any more", "leave it out")
    return None


def _executable(asked: Asked, raw: str) -> Finding | None:
    """What is wrong with the path of the executable."""
    path, wrong = expand(asked, raw)
    if wrong:
        return wrong
    if not path:
        return refused("there is no command after the prefix", "write the executable right after it, without a blank")
    special = "\"'\\\x7f" + ("*?[" if asked.version >= GLOBS_UNTIL else "")
    if any(ord(char) < 32 or char in special for char in path):
        return refused(f"the executable `{raw}` has special characters", "write a plain path")
    last = path.rpartition("/")[2]
    if not last or (asked.version >= 254 and last in (".", "..")):
        return refused(f"`{raw}` is a folder", "write the path of an executable")
    if path.startswith("/") and len(path) < 4096 and all(len(part) < 256 for part in path.split("/")):
        return None
    if file_name(path):
        return None
    return refused(f"`{raw}` is neither an absolute path nor a plain name", _executable_hint(raw))


def _executable_hint(path: str) -> str:
    if path.startswith("~"):
        return "write the path in full, or with `%h`"
    if path.startswith("$"):
        return "write the path itself; there are no variables in it"
    if path[:1] in "-@:+!":
        return "write each prefix once, and only one of `+`, `!` and `!!`"
    return f"write `/{path.removeprefix('./')}`, or a name without slashes, which is searched for"


@cache
def _inner() -> re.Pattern[str]:
    return re.compile(r"[-\w./:=@,+]+(?<!\$)(\$([A-Z_][A-Z0-9_]*))")


@cache
def _default() -> re.Pattern[str]:
    return re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-+=?]|[#%/:,^])[^}]*\}|\$\{#")


@cache
def _date() -> re.Pattern[str]:
    return re.compile(r"(?:^|[^%])(?:\+%[YmdHMSTFsjyab]|%Y[-_.]?%m|%H[:_.-]?%M)")


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _mistakes(program: str, words: list[str], prefixes: str) -> Iterator[Finding]:
    """What systemd takes and the author hardly meant."""
    shell = program in SHELLS or "|" in prefixes
    if shell:
        yield from _script(words)
    for word in words:
        if _date().search(word):
            yield lost(f"`{word}` holds specifiers, which are replaced", f"write `{word.replace('%', '%%')}`")
        if "$" in word and ":" not in prefixes:
            yield from _variables(word, shell)
        if not shell and word in PLUMBING:
            what = f"`{word}` is an argument, since no shell is run"
            yield lost(what, "use `sh -c '…'`, or StandardOutput= for files")


def _script(words: list[str]) -> Iterator[Finding]:
    """A script of which the shell gets but the first word."""
    flag = next((place for place, word in enumerate(words) if word[:1] != "-" or word[-1:] == "c"), len(words))
    rest = words[flag + 1 :]
    if len(rest) > 1 and words[flag][:1] == "-" and words[flag][:2] != "--" and rest[0].replace("-", "").isalnum():
        hint = f"quote the whole script: `-c '{' '.join(rest)}'`"
        yield lost(f"the shell gets `{rest[0]}` alone as its script", hint)


def _variables(word: str, shell: bool) -> Iterator[Finding]:
    """Variables that systemd does not expand, or expands to nothing."""
    if word[0] == "$" and word[1:2] not in ("{", "$", "") and not _name().fullmatch(word[1:]):
        name = _name().match(word[1:])
        better = f"write `${{{name[0]}}}{word[1 + name.end() :]}`" if name else "write `$$` for a literal dollar sign"
        yield lost(f"`{word}` is taken as the name of a variable, and vanishes", better)
    elif shell:
        return
    elif match := _default().search(word):
        yield lost(f"`{match[0]}` is passed as it is", "write `${NAME}`, and the default as an `Environment=`")
    elif match := _inner().fullmatch(word):
        hint = f"write `{word[: match.start(1)]}${{{match[2]}}}`"
        yield lost(f"`{match[1]}` within a word is passed as it is", hint)
