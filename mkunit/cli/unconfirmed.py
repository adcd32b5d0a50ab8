"""A rollback that comes by itself unless the user says in time that all is well: for when the apply cuts the line."""

import sys
from collections.abc import Sequence

from mkunit.errors import Diagnostic, SystemdError
from mkunit.pipeline.deploy import Site
from mkunit.system.everyone import GLOBAL
from mkunit.system.local import Local

_PATIENCE = 600  # seconds that the rollback waits for an apply that is still under way


def _timer(site: Site) -> str:
    scope = "" if site.live.scope != GLOBAL else f"-{GLOBAL}"
    return f"mkunit-confirm{scope}-{site.project}"


def _local(site: Site) -> Local:
    """Whose timer it is: for all users it is the system's."""
    return Local("system") if site.live.scope == GLOBAL else site.live.local


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
        done = _local(site).run("systemd-run", *options, "--collect", "--", *recover)
        if done.returncode:
            words = " ".join(done.stderr.split())
            raise SystemdError(Diagnostic("no-timer", f"no timer can be armed, so nothing was touched: {words}"))


def disarm(site: Site) -> None:
    """The timer is not needed any more."""
    _local(site).run("systemctl", "stop", "--", f"{_timer(site)}.timer")
