"""A service that takes its sockets from systemd, by two doors: one for everybody, one for root alone."""

from mkunit import Service, Socket, cmd, param

PLACE = param("place", "/opt/activation")

handed = Service(
    "handed",
    exec_start=cmd("/usr/bin/python3", f"{PLACE}/handed.py"),
    dynamic_user=True,
    hardening="strict",
)

# file_descriptor_name= is what the service finds in LISTEN_FDNAMES.
Socket("handed", listen=["127.0.0.1:7100"], file_descriptor_name="public", activates=handed)
Socket("handed-admin", listen=["%t/handed.sock"], file_descriptor_name="admin", socket_mode=0o600, activates=handed)
