"""Command lines: prefixes, the executable, arguments with quotes and escapes, and what only a shell understands."""

from collections.abc import Iterator
from functools import cache
from re import Pattern, compile

from mkunit.catalog.spec import Finding, Outcome
from mkunit.catalog.values.asked import Asked, deprecated, ignored, lost, refused
from mkunit.catalog.values.names import file_name
from mkunit.catalog.values.specifiers import expand
from mkunit.catalog.values.words import BLANKS, ESCAPED, LAX, BrokenWord

SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox", "su", "runuser", "env", "ssh", "xargs"))
PLUMBING = frozenset(("|", "||", "&&", "&", ">", ">>", "<", "2>", "2>>", "2>&1", ">/dev/null", "2>/dev/null", "&>"))
SHELL_SINCE, MAGIC_UNTIL = 258, 258


@cache
def _inner() -> Pattern[str]:
    return compile(r"[-\w./:=@,+]+(?<!\$)(\$[A-Z_][A-Z0-9_]*)")


@cache
def _default() -> Pattern[str]:
    return compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-+=?]|[#%/:,^])[^}]*\}|\$\{#")


@cache
def _date() -> Pattern[str]:
    return compile(r"(?:^|[^%])(?:\+%[YmdHMSTFsjyab]|%Y[-_.]?%m|%H[:_.-]?%M)")


@cache
def _name() -> Pattern[str]:
    return compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Broken(Exception):  # noqa: N818 - it is a way out of a loop, not an error of ours
    """The rest of the line cannot be read."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def check_command(asked: Asked) -> Iterator[Finding]:
    """One command, or several with `;` between them."""
    at: int | None = 0
    commands = 0
    try:
        while at is not None:
            word, at = _word(asked.text, at, [])
            if word is None:
                break
            if word == ";":
                continue
            commands += 1
            at = yield from _command(asked, word, at)
    except Broken as broken:
        yield broken.finding
    else:
        if not commands:
            yield lost(f"`{asked.text}` holds no command", "write a command, or leave the line out")


def _word(text: str, at: int | None, odd: list[str]) -> tuple[str | None, int | None]:
    """The next word; escapes that systemd does not know are kept, and noted."""
    try:
        return ESCAPED.first(text, at)
    except BrokenWord as error:
        if not error.quote:
            odd.append(error.word)
    try:
        return LAX.first(text, at)
    except BrokenWord as error:
        hint = "close it, or write `\\x22` or `\\x27` for the character itself"
        raise Broken(ignored("a quote is opened and never closed", hint)) from error


def _odd(odd: list[str]) -> Iterator[Finding]:
    for word in odd:
        yield ignored(f"`{word}` is not an escape sequence, and stays as it is", f"write `\\{word}`")


def _command(asked: Asked, word: str, at: int | None) -> Iterator[Finding]:
    prefixes, path = _prefixes(asked, word)
    drop = ignored if "-" in prefixes else refused
    if "|" in prefixes:
        words = []
    elif wrong := _executable(asked, path):
        raise Broken(wrong if wrong.outcome is Outcome.NEWER else drop(wrong.message, wrong.hint))
    if found := _prefix_trouble(asked, prefixes, path):
        yield found
    words, at, odd = _arguments(asked.text, at, drop)
    yield from _odd(odd)
    if "@" in prefixes and not words and "|" not in prefixes:
        raise Broken(drop(f"`{word}` has no name to run under", "write the name after the path, or leave out the `@`"))
    for argument in words:
        wrong = expand(asked, argument)[1]
        if wrong:
            raise Broken(wrong if wrong.outcome is Outcome.NEWER else drop(wrong.message, wrong.hint))
    yield from _mistakes(path.rpartition("/")[2], words, prefixes)
    return at  # noqa: B901 - `yield from` takes it: where the next command begins


def _arguments(text: str, at: int | None, drop: type | object) -> tuple[list[str], int | None, list[str]]:
    words: list[str] = []
    odd: list[str] = []
    while at is not None:
        for mark in (";", "\\;"):
            end = at + len(mark)
            if text.startswith(mark, at) and (end == len(text) or text[end] in BLANKS):
                at = _skip(text, end)
                break
        else:
            try:
                word, at = _word(text, at, odd)
            except Broken as broken:
                raise Broken(drop(broken.finding.message, broken.finding.hint)) from broken
            if word is not None:
                words.append(word)
            continue
        if mark == ";":
            return words, at, odd
        words.append(";")
    return words, None, odd


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
    if prefixes.count("!") == 2 and asked.version >= MAGIC_UNTIL:
        return deprecated("`!!` has no effect any more", "leave it out")
    return None


def _executable(asked: Asked, raw: str) -> Finding | None:
    """What is wrong with the path of the executable."""
    path, wrong = expand(asked, raw)
    if wrong:
        return wrong
    if not path:
        return refused("there is no command after the prefix", "write the executable right after it, without a blank")
    if any(ord(char) < 32 or char in "\"'\\\x7f" for char in path):
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


def _mistakes(program: str, words: list[str], prefixes: str) -> Iterator[Finding]:
    """What systemd takes and the author hardly meant."""
    shell = program in SHELLS or "|" in prefixes
    script = _script(words) if shell else None
    if script is not None and script + 1 < len(words) and words[script].replace("-", "").isalnum():
        hint = f"quote the whole script: `-c '{' '.join(words[script:])}'`"
        yield lost(f"the shell gets `{words[script]}` alone as its script", hint)
    for word in words:
        if _date().search(word):
            yield lost(f"`{word}` holds specifiers, which are replaced", f"write `{word.replace('%', '%%')}`")
        if ":" not in prefixes and "$" in word:
            yield from _variables(word, shell)
        if not shell and word in PLUMBING:
            yield lost(f"`{word}` is an argument, since no shell is run", "use `sh -c '…'`, or StandardOutput= for files")


def _script(words: list[str]) -> int | None:
    for place, word in enumerate(words):
        if word.startswith("-") and word.endswith("c") and not word.startswith("--"):
            return place + 1
        if not word.startswith("-"):
            return None
    return None


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
    elif (match := _inner().match(word)) and match.end() == len(word):
        name_ = match[1][1:]
        yield lost(f"`{match[1]}` within a word is passed as it is", f"write `{word[: match.start(1)]}${{{name_}}}`")
