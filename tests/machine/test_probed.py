"""`mkunit probe` by an ordinary user: who listens, even where that process may not be looked into."""

import re

from mkunit.testing.machine import Machine

UNITS = """\
from mkunit import Service, Socket
Socket("pr", listen=[7801], scope="user", activates=Service("pr", exec_start="/usr/bin/sleep 1000", scope="user"))
"""


def test_users_own_systemd_listens(machine: Machine) -> None:
    """Newer releases keep a user's systemd from its user's eyes; what it has started by then can be seen again."""
    machine.add_user("pia")
    machine.sh("install -d -o pia -g pia /home/pia/p /home/pia/p/units")
    machine.write("/home/pia/p/units/pr.py", UNITS)
    mkunit = (machine.python, "-m", "mkunit", "-C", "/home/pia/p")
    machine.run(*mkunit, "apply", "--yes", "--settle", "0.2", user="pia")
    assert re.search(
        r"is answered by (systemd|sleep) \(pid \d+\)", machine.run(*mkunit, "probe", "7801", user="pia").stdout
    )
