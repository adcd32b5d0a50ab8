from mkunit import Service, Socket

Socket("echo", listen=["127.0.0.1:7"], accept=True)
Service(  # here: accept-collect-mode
    "echo@",
    exec_start="/usr/bin/cat",
    standard_input="socket",
    standard_error="journal",
)
