"""An apply that ends the unit that mkunit runs in: once the user has agreed, it goes on in a unit of its own."""

import os
import sys
from collections.abc import Sequence
from hashlib import sha256

from mkunit.cli.ui import Ui
from mkunit.errors import Diagnostic, RefusedError
from mkunit.model.plan import Plan
from mkunit.pipeline import planfile
from mkunit.system import leaving


def agreed(plans: Sequence[Plan]) -> bool:
    """Whether the user has agreed to these very plans, before mkunit left."""
    if not leaving.arrived():
        return False
    if _digest(plans) != os.environ.get(leaving.AGREED):
        message = "the units have changed since you agreed, or what they would change; nothing was touched"
        raise RefusedError(Diagnostic("stale-plan", message, "apply again"))
    if units := [name for plan in plans for name in plan.hosts]:
        raise RefusedError(Diagnostic("host", f"`{units[0]}` ends whatever mkunit runs in", "restart the machine"))
    return True


def must(plans: Sequence[Plan]) -> bool:
    """Whether what these plans end is what mkunit runs in."""
    return any(plan.hosts for plan in plans)


def arrived() -> bool:
    """Whether this is what went on elsewhere."""
    return leaving.arrived()


def possible() -> bool:
    """Whether it could go on elsewhere."""
    return leaving.possible()


def go(plans: Sequence[Plan], ui: Ui) -> int:
    """Do it from elsewhere; nothing is locked meanwhile by this process."""
    unit = f"mkunit-{os.getpid()}"
    ui.say(f"mkunit goes on as `{unit}.service`: `journalctl -u {unit}` tells should this end before it")
    return leaving.leave(sys.argv[1:], _digest(plans), unit)


def _digest(plans: Sequence[Plan]) -> str:
    return sha256(" ".join(map(planfile.digest, plans)).encode()).hexdigest()
