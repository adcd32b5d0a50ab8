from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    restart="on-failure",
    wanted_by="default.target",  # here: system-default-target
)
