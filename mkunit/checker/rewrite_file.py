"""A mend in a unit file: one line is rewritten, taken out or put in; all others stay as they are."""

from mkunit import catalog
from mkunit.checker.mends import Mend

Lines = list[str]


def rewritten(text: str, line: int, unit: str, mend: Mend) -> str | None:
    """The text with one directive changed, None where that cannot be told from a single line."""
    lines = text.splitlines(keepends=True)
    at = line - 1 if _is(lines, line - 1, mend.directive) else None
    if mend.action in ("set", "add") and at is None:
        at = next((i for i in range(len(lines)) if _is(lines, i, mend.directive)), None)
    if at is not None and (_continues(lines, at) or (at and _continues(lines, at - 1))):
        return None
    if at is None:
        done = _inserted(lines, unit, mend) if mend.action in ("set", "add") else None
    else:
        done = _changed(lines, at, mend)
    return "".join(done) if done is not None else None


def _is(lines: Lines, at: int, directive: str) -> bool:
    return 0 <= at < len(lines) and lines[at].partition("=")[0].strip() == directive and "=" in lines[at]


def _continues(lines: Lines, at: int) -> bool:
    return lines[at].rstrip("\r\n").endswith("\\")


def _changed(lines: Lines, at: int, mend: Mend) -> Lines | None:
    key, _, value = lines[at].partition("=")
    end = lines[at][len(lines[at].rstrip("\r\n")) :]
    words = value.split()
    match mend.action:
        case "drop":
            new = ""
        case "rename":
            new = lines[at].replace(key.strip(), mend.word, 1)
        case "set":
            new = f"{key}={mend.word}{end}"
        case "add":
            new = f"{key}={' '.join([*words, mend.word])}{end}"
        case "without" if mend.word in words:
            left = [word for word in words if word != mend.word]
            new = f"{key}={' '.join(left)}{end}" if left else ""
        case _:
            return None
    return [*lines[:at], *([new] if new else []), *lines[at + 1 :]]


def _inserted(lines: Lines, unit: str, mend: Mend) -> Lines | None:
    """One more line, at the end of the section that it belongs in."""
    places = catalog.keywords(unit.rpartition(".")[2]).values()
    section = next((place[0] for place in places if place[1] == mend.directive), None)
    heads = [i for i, line in enumerate(lines) if line.strip().startswith("[")]
    head = next((i for i in heads if lines[i].strip() == f"[{section}]"), None)
    if head is None:
        return [f"[{section}]\n", f"{mend.directive}={mend.word}\n", "\n", *lines] if section == "Unit" else None
    end = next((i for i in heads if i > head), len(lines))
    while end > head + 1 and not lines[end - 1].strip():
        end -= 1
    if not lines[end - 1].endswith("\n"):
        lines = [*lines[: end - 1], lines[end - 1] + "\n", *lines[end:]]
    return [*lines[:end], f"{mend.directive}={mend.word}\n", *lines[end:]]
