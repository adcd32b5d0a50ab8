"""Rules that are graver in one case than in another."""

import pytest
from projects import found

from mkunit.errors import Severity


@pytest.mark.parametrize(
    ("line", "systemd", "severity"),
    [
        ('user="kim"', 252, Severity.ERROR),
        ('user="kim"', 257, Severity.WARNING),
        ('group="kim"', 252, Severity.WARNING),
        ('supplementary_groups="kim"', 257, Severity.ERROR),
    ],
)
def test_account_in_user_scope(line: str, systemd: int, severity: Severity) -> None:
    """A user's systemd takes its own user's name since 257, and its own group always."""
    (one,) = found(f'Service("a", exec_start="/a", restart="on-failure", scope="user", {line})', systemd)
    assert (one.code, one.severity) == ("user-in-user-unit", severity)


def test_socket_for_all() -> None:
    """Without a mode it is a warning in a project, and a note in a package's file; said outright, it is a note."""
    (one,) = found('Socket("a", listen=["/run/a"])')
    assert (one.code, one.severity) == ("world-writable-socket", Severity.WARNING)
    (one,) = found('Socket("a", listen=["/run/a"], socket_mode=0o666)')
    assert (one.code, one.severity) == ("world-writable-socket", Severity.INFO)
    (one,) = found("# a.socket\n[Socket]\nListenStream=/run/a\n")
    assert (one.code, one.severity) == ("world-writable-socket", Severity.INFO)
