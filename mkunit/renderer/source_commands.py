"""Command lines as `cmd()` writes them: what systemd would take apart is data again."""

from mkunit.catalog.values.words import BLANKS, ESCAPED, LAX, WordError
from mkunit.model.text import percent
from mkunit.model.value import Command, Raw

_PREFIXES = "-@:+!"


def command(text: str, *, lone: bool = False) -> Command | None:
    """One command, each of its words as the process gets it; None for what `cmd()` cannot say.

    With `lone`, dollar signs that stand for no variable are characters too: the process gets the same, but systemd
    shows it otherwise.

    >>> print(command("-/bin/sh -c 'echo  \\"$$HOME\\"'"))
    -/bin/sh -c "echo  \\"$$HOME\\""
    """
    words = split(text)
    prefixes, program = prefixed(words[0]) if words else ("", "")
    if not words or not program or program[0] in f"{_PREFIXES}|" or prefixes.count("!") + prefixes.count("+") > 2:
        return None
    expand, arguments = ":" not in prefixes, words[1:]
    argv0 = _data(arguments.pop(0), expand, lone) if "@" in prefixes and arguments else None
    if isinstance(argv0, Raw) or ("@" in prefixes and argv0 is None):
        return None
    plain = program.replace("%%", "%")
    path = plain if percent(plain) == program else Raw(program)
    made = Command(
        (path, *(_data(word, expand, lone) for word in arguments)),
        ignore_failure="-" in prefixes, full_privileges="+" in prefixes, no_setuid=prefixes.count("!") == 1,
        ambient="!!" in prefixes, expand=expand, argv0=argv0,
    )  # fmt: skip
    try:
        again = split(str(made)) or []
    except ValueError:
        return None
    meant = [_data(word, expand, lone) for word in again[1:]] == [_data(word, expand, lone) for word in words[1:]]
    return made if meant and prefixed(again[0]) == (_ordered(prefixes), program) else None


def split(text: str) -> list[str] | None:
    """The words of one command without quotes and escapes; None for several commands, and for an open quote."""
    words: list[str] = []
    at: int | None = 0
    while at is not None:
        mark = next((mark for mark in (";", "\\;") if _alone(text, at, mark)), "")
        if mark == ";":
            return None
        if mark:
            words.append(";")
            at = next((i for i in range(at + 2, len(text)) if text[i] not in BLANKS), None)
            continue
        try:
            word, at = _word(text, at)
        except WordError:
            return None
        if word is not None:
            words.append(word)
    return words


def _word(text: str, at: int) -> tuple[str | None, int | None]:
    try:
        return ESCAPED.first(text, at)
    except WordError:
        return LAX.first(text, at)  # escapes that systemd does not know stay as they are


def _alone(text: str, at: int, mark: str) -> bool:
    end = at + len(mark)
    return text.startswith(mark, at) and (end == len(text) or text[end] in BLANKS)


def prefixed(word: str) -> tuple[str, str]:
    """The prefixes of a command, in one order for all, and the program."""
    end = next((i for i, char in enumerate(word) if char not in _PREFIXES), len(word))
    return _ordered(word[:end]), word[end:]


def _ordered(prefixes: str) -> str:
    return "".join(sorted(prefixes))


def _data(word: str, expand: bool, lone: bool) -> str | Raw:
    """The word as the process gets it, or as it is where systemd has something to expand in it."""
    plain = word.replace("%%", "%")
    if percent(plain) != word:
        return Raw(word)
    if not expand:
        return plain
    found = plain.replace("$$", "$")
    is_exact = found.replace("$", "$$") == plain or (lone and not _is_variable(plain))
    return found if is_exact else Raw(word)


def _is_variable(word: str) -> bool:
    """Whether a dollar sign stands for a variable: `$NAME` does only as a whole word, `${NAME}` everywhere.

    >>> _is_variable("--port=$PORT"), _is_variable("$PORT"), _is_variable("a${PORT}")
    (False, True, True)
    """
    return "${" in word.replace("$$", "") or (word[:1] == "$" and word[1:2] != "$")
