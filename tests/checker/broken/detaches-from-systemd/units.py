from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api --daemonize",  # here: detaches-from-systemd
    restart="on-failure",
)
