from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api --data-dir=/var/lib/api",  # here: read-only-path
    protect_system="strict",
    user="api",
    restart="on-failure",
)
