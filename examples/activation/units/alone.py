"""A service that opens its own socket: systemd-socket-proxyd takes systemd's, and passes on what comes."""

from mkunit import Service, Socket, cmd, param

PLACE = param("place", "/opt/activation")
INSIDE = param("inside", 7201)  # the program's own port, which nobody else needs to know
DOOR = f"/dev/tcp/127.0.0.1/{INSIDE}"  # as bash names it

alone = Service(
    "alone",
    exec_start=cmd("/usr/bin/python3", f"{PLACE}/alone.py", INSIDE),
    # It does not tell when it is ready, so whoever comes after it waits until it answers.
    exec_start_post=cmd("/usr/bin/bash", "-c", f"until : 2>/dev/null <>{DOOR}; do sleep 0.1; done"),
    dynamic_user=True,
    hardening="strict",
    wanted_by=[],  # the proxy requires it, and nothing else starts it
)

proxy = Service(
    "alone-proxy",
    type="notify",
    exec_start=cmd("/usr/lib/systemd/systemd-socket-proxyd", f"127.0.0.1:{INSIDE}"),
    requires=alone,
    after=alone,
    dynamic_user=True,
    hardening="strict",
)

Socket("alone", listen=["127.0.0.1:7200"], activates=proxy)
