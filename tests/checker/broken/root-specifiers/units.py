from mkunit import Service

Service(
    "sync",
    exec_start="/usr/bin/sync-files %h/files",  # here: root-specifiers
    user="alex",
    restart="on-failure",
)
