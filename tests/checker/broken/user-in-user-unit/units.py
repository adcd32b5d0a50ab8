from mkunit import Service

Service(
    "sync",
    exec_start="/usr/bin/sync-files",
    restart="on-failure",
    scope="user",
    user="alex",  # here: user-in-user-unit
)
