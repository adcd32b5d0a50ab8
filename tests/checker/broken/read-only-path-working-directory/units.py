from mkunit import Service

Service(
    "app",
    exec_start="/usr/bin/app",
    user="app",
    working_directory="/var/lib/app",  # here: read-only-path
    protect_system="strict",
    restart="on-failure",
)
