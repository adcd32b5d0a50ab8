from mkunit import Service, Socket

Socket("echo", listen=["127.0.0.1:7"], accept=True)
Service(
    "echo@",
    exec_start="/usr/bin/cat",
    standard_input="socket",  # here: errors-to-client
    collect_mode="inactive-or-failed",
)
