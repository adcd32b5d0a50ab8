from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    kill_mode="process",  # here: kill-leaves-children
    restart="on-failure",
)
