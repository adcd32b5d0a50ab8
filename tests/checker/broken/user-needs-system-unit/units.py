from mkunit import Service

Service(
    "sync",
    exec_start="/usr/bin/sync-files",
    after="network.target",  # here: user-needs-system-unit
    restart="on-failure",
    scope="user",
)
