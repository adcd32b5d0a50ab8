"""A rollback that comes by itself unless the user says in time that all is well: for when the apply cuts the line."""

import sys
from collections.abc import Sequence

from mkunit.errors import Diagnostic, SystemdError
from mkunit.pipeline.deploy import Site

_PATIENCE = 600  # seconds that the rollback waits for an apply that is still under way


def _timer(site: Site) -> str:
    return f"mkunit-confirm-{site.project}"


def arm(sites: Sequence[Site], seconds: float) -> None:
    """Let systemd itself take everything back after a while, whatever becomes of this process."""
    for site in sites:
        disarm(site)
        recover = [
            sys.executable, "-m", "mkunit", "recover", "--back", f"--{site.live.scope}", "--project", site.project,
            "--wait", str(_PATIENCE),
        ]  # fmt: skip
        options = [
            "--quiet",
            f"--unit={_timer(site)}",
            f"--on-active={seconds:g}s",
            "--timer-property=AccuracySec=100ms",
        ]
        done = site.live.local.run("systemd-run", *options, "--collect", "--", *recover)
        if done.returncode:
            words = " ".join(done.stderr.split())
            raise SystemdError(Diagnostic("no-timer", f"no timer can be armed, so nothing was touched: {words}"))


def disarm(site: Site) -> None:
    """The timer is not needed any more."""
    site.live.local.run("systemctl", "stop", "--", f"{_timer(site)}.timer")
