"""Reports as bare text, for pipes and files."""

import difflib


def diff(path: str, before: str | None, after: str | None) -> str:
    """A unified diff of one file."""
    old, new = _lines(before), _lines(after)
    path = path.lstrip("/")
    names = ("/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}")
    lines = difflib.unified_diff(old, new, *names)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ no newline at the end\n" for line in lines)


def _lines(text: str | None) -> list[str]:
    # Not splitlines(), which breaks at form feeds and the like, too.
    lines = [f"{line}\n" for line in (text or "").split("\n")]
    return [*lines[:-1], *(last for last in [lines[-1][:-1]] if last)]


def summary(counts: dict[str, int], where: str) -> str:
    """One line on what a build did."""
    parts = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{where}: {parts or 'nothing to build'}"
