from mkunit import Service

Service(
    "app",
    exec_start="/usr/bin/app ~/config",  # here: shell-syntax
    restart="on-failure",
)
