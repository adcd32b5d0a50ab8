"""Findings as other programs want them: SARIF for code scanning, and the commands of GitHub's workflows."""

from collections.abc import Callable, Iterable, Sequence

from mkunit.errors import Diagnostic, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
Summary = Callable[[str], str | None]


def sarif(found: Sequence[Diagnostic], version: str, summary: Summary) -> dict[str, object]:
    """One run in SARIF 2.1.0; `summary` knows a rule's line by its code."""
    used = sorted({one.code for one in found})
    rules = [{"id": code, "shortDescription": {"text": summary(code) or code}} for code in used]
    driver = {"name": "mkunit", "version": version, "rules": rules}
    results = [_result(one, used.index(one.code)) for one in found]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(one: Diagnostic, index: int) -> dict[str, object]:
    text = f"{one.message}\n{one.hint}" if one.hint else one.message
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": {"text": text},
    }
    if one.origin:
        place: dict[str, object] = {"artifactLocation": {"uri": one.origin.path}}
        if one.origin.line:
            place["region"] = {"startLine": one.origin.line}
        result["locations"] = [{"physicalLocation": place}]
    return result


def github(found: Iterable[Diagnostic]) -> str:
    """A workflow command for each finding, which GitHub shows at its line."""
    return "".join(_command(one) for one in found)


def _command(one: Diagnostic) -> str:
    where = []
    if one.origin:
        where = [f"file={_property(one.origin.path)}", *([f"line={one.origin.line}"] if one.origin.line else [])]
    words = ",".join([*where, f"title={_property(one.code)}"])
    text = f"{one.message}\n{one.hint}" if one.hint else one.message
    return f"::{_COMMANDS[one.severity]} {words}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
