from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    dynamic_user=True,
    read_write_paths="/var/lib/api",  # here: dynamic-user-path
    restart="on-failure",
)
