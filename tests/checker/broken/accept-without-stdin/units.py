from mkunit import Service, Socket

Socket("echo", listen=["127.0.0.1:7"], accept=True)
Service(
    "echo@",
    exec_start="/usr/bin/cat",  # here: accept-without-stdin
    collect_mode="inactive-or-failed",
)
