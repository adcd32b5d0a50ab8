from mkunit import Service

Service(
    "sync",
    exec_start="/usr/bin/sync-files",
    restart="on-failure",
    scope="user",
    wanted_by="multi-user.target",  # here: user-unit-target
)
