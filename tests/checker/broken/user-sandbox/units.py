from mkunit import Service

Service(
    "sync",
    exec_start="/usr/bin/sync-files",
    restart="on-failure",
    scope="user",
    protect_system="strict",  # here: user-sandbox
)
