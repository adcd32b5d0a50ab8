"""Why a unit is not well, from what `systemctl show` says."""

import pytest

from mkunit.runner.explain import why

KILLED = {"ExecMainCode": "2", "ExecMainStatus": "15"}


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ({"Result": "exit-code", "ExecMainCode": "1", "ExecMainStatus": "3"}, "exit status 3"),
        ({"Result": "exit-code", "ExecMainStatus": "203"}, "203/EXEC: "),
        ({"Result": "exit-code"}, "a command of it failed"),
        ({"Result": "signal", **KILLED}, "killed by SIGTERM"),
        ({"Result": "core-dump", "ExecMainCode": "3", "ExecMainStatus": "11"}, "killed by SIGSEGV"),
        ({"Result": "signal", "ExecMainCode": "2", "ExecMainStatus": "99"}, "killed by signal 99"),
        ({"Result": "start-limit-hit", **KILLED}, "start-limit-hit: it was started too often"),
        ({"Result": "timeout", **KILLED}, "timeout: it did not come up"),
        ({"Result": "watchdog", "ExecMainCode": "3", "ExecMainStatus": "6"}, "watchdog: it missed"),
        ({"Result": "success", "LoadState": "bad-setting", "LoadError": "it has no ExecStart="}, "does not load it"),
        ({"Result": "success", "LoadState": "loaded"}, "it is not running"),
        ({"Result": "mount-start-limit-hit", "LoadState": "loaded"}, "mount-start-limit-hit"),
    ],
)
def test_reason(shown: dict[str, str], words: str) -> None:
    """The result that systemd gives counts more than how the last process ended."""
    assert words in why(shown)
