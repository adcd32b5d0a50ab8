"""One process for each connection: a template, and a socket that accepts."""

from _shared import service
from mkunit import Service, Socket, cmd, raw

Service(
    "greeter@",
    description="Greets one visitor (%I)",
    exec_start=cmd("/usr/bin/printf", r"Welcome to %s: today everything is 20%% off\n", raw("%H")),
    standard_input="socket",
    standard_error="journal",
    collect_mode="inactive-or-failed",
    **service,
)

greeter_socket = Socket("greeter", listen=["127.0.0.1:7007"], accept=True, max_connections=16)
