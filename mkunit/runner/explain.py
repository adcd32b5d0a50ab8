"""Why a unit is not well, in words: systemd's result, the exit status by its name, the last lines of its log."""

import signal
from collections.abc import Mapping
from functools import cache

from mkunit import catalog
from mkunit.errors import Diagnostic
from mkunit.model.port import System

_LINES = 6
_RESULTS = {
    "timeout": "it did not come up, or not go down, in time",
    "watchdog": "it missed its watchdog",
    "start-limit-hit": "it was started too often in a short time",
    "service-start-limit-hit": "its service was started too often in a short time",
    "trigger-limit-hit": "it was triggered too often in a short time",
    "oom-kill": "it ran out of memory",
    "resources": "systemd could not get what it needs, such as an address that is in use",
    "protocol": "it did not say what its `Type=` promises",
    "exec-condition": "its `ExecCondition=` said no",
}


@cache
def _exits() -> dict[int, tuple[str, str]]:
    return {int(status): (name, words) for status, name, words in catalog.rows("exits.tsv")}


def status(number: int) -> str:
    """An exit status in words; those above 200 are systemd's own (systemd.exec(5)).

    >>> status(217)
    '217/USER: its User= does not exist or cannot be taken on'
    """
    if number in _exits():
        name, words = _exits()[number]
        return f"{number}/{name}: {words}"
    return f"exit status {number}"


def why(shown: Mapping[str, str]) -> str:
    """The reason that `systemctl show` gives."""
    result = shown.get("Result", "")
    if words := _RESULTS.get(result):
        return f"{result}: {words}"  # what its last process ended with tells less
    main = int(shown.get("ExecMainStatus") or 0)
    code = shown.get("ExecMainCode", "")
    if result == "exit-code" or (code in ("1", "exited") and main):
        return status(main) if main else "a command of it failed"
    if result == "signal" or code in ("2", "3"):
        try:
            return f"killed by {signal.Signals(main).name}"
        except ValueError:
            return f"killed by signal {main}"
    if shown.get("LoadState") not in ("loaded", None, ""):
        return f"systemd does not load it: {shown.get('LoadError') or shown['LoadState']}"
    return "it is not running" if result in ("", "success") else result


def failure(system: System, unit: str, what: str = "") -> Diagnostic:
    """A unit that is not well, as a finding."""
    shown = system.details(unit)
    log = system.log(unit, shown.get("InvocationID", ""), _LINES)
    lines = "".join(f"\n    {line}" for line in log)
    message = f"`{unit}`: {what or why(shown)}"
    journal = f"journalctl{'' if system.scope == 'system' else ' --user'} -u {unit}"
    return Diagnostic("unit-failed", message, f"its last lines:{lines}" if log else f"look at `{journal}`", unit=unit)
