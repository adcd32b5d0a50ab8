"""Which findings are wanted: codes that are selected or ignored, and a baseline of those that are known already."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from mkunit.checker.prose import everything
from mkunit.cli import explain_code
from mkunit.errors import Diagnostic, Origin, Severity, UsageError, near

Key = tuple[str, str, str, str]


def others() -> list[str]:
    """The codes of what is found at a line, and is no rule's: by the builders, and by the reader of unit files."""
    return [one.code for one in explain_code.everything().values() if one.is_of_lines]


def codes(words: Iterable[str], flag: str) -> frozenset[str]:
    """Codes of rules on the command line, or in the settings; UsageError for one that no rule has.

    Builders and the reader of unit files have codes of their own, which can be named too.
    """
    found = [code.strip() for word in words for code in word.split(",") if code.strip()]
    known = [*everything(), *others()] if found else []
    for code in found:
        if code not in known:
            meant = near(code, known)
            hint = f"did you mean `{meant}`?" if meant else "`mkunit explain` lists the rules"
            raise UsageError(Diagnostic("unknown-rule", f"`{flag}`: `{code}` is no rule", hint))
    return frozenset(found)


def chosen(found: Iterable[Diagnostic], select: frozenset[str], ignore: frozenset[str]) -> list[Diagnostic]:
    """The findings of the codes that are selected, all where none are, without those that are ignored."""
    return [one for one in found if (not select or one.code in select) and one.code not in ignore]


def key(one: Diagnostic) -> Key:
    """What a finding is known by from one day to the next: its line is not part of it."""
    return (one.origin.path if one.origin else "", one.code, one.unit or "", one.message)


def known(file: Path) -> Counter[Key]:
    """A baseline: findings that were there when it was written, and how often."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["findings"]
        return Counter({(row["path"], row["code"], row["unit"], row["message"]): row["count"] for row in rows})
    except FileNotFoundError:
        hint = f"write it by `mkunit check --baseline {file.name} --update-baseline`"
        raise UsageError(Diagnostic("no-baseline", "there is no such file", hint, Origin(str(file)))) from None
    except (ValueError, KeyError, TypeError, OSError):
        hint = "write it anew, by `--update-baseline`"
        raise UsageError(Diagnostic("bad-baseline", "is no baseline of mkunit's", hint, Origin(str(file)))) from None


def fresh(found: Iterable[Diagnostic], baseline: Counter[Key]) -> tuple[list[Diagnostic], int]:
    """The findings that the baseline has not, and how many of its own are no more."""
    left = Counter(baseline)
    new = []
    for one in found:
        if left[key(one)] > 0:
            left[key(one)] -= 1
        else:
            new.append(one)
    return new, sum(left.values())


def baseline(found: Sequence[Diagnostic]) -> str:
    """The text of a baseline, the same for the same findings."""
    counted = Counter(key(one) for one in found if one.severity is not Severity.INFO)
    rows = [
        dict(zip(("path", "code", "unit", "message"), one, strict=True)) | {"count": counted[one]}
        for one in sorted(counted)
    ]
    return json.dumps({"findings": rows}, indent=1, ensure_ascii=False) + "\n"


def named(file: Path | None) -> Path:
    """The baseline's file; UsageError where nothing names one."""
    if file is None:
        hint = "name a file by `--baseline FILE`, or in [tool.mkunit.check]"
        raise UsageError(Diagnostic("usage", "`--update-baseline`: there is no baseline", hint))
    return file
