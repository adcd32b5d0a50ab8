"""Reports as bare text, for pipes and files."""

import difflib


def diff(path: str, before: str | None, after: str | None) -> str:
    """A unified diff of one file."""
    old, new = (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True)
    path = path.lstrip("/")
    names = ("/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}")
    lines = difflib.unified_diff(old, new, *names)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ no newline at the end\n" for line in lines)


def summary(counts: dict[str, int], where: str) -> str:
    """One line on what a build did."""
    parts = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{where}: {parts or 'nothing to build'}"
