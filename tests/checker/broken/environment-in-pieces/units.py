from mkunit import Service

Service(
    "app",
    exec_start="/usr/bin/app",
    environment="GREETING=hello world",  # here: bad-value
    restart="on-failure",
)
