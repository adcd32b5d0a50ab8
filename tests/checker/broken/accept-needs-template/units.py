from mkunit import Service, Socket

Socket("echo", listen=["127.0.0.1:7"], accept=True)  # here: accept-needs-template
Service(
    "echo",
    exec_start="/usr/bin/cat",
    standard_input="socket",
    standard_error="journal",
    wanted_by=[],
)
