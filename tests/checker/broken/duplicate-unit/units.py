from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api --blue",
    restart="on-failure",
)
Service(  # here: duplicate-unit
    "api",
    exec_start="/usr/bin/api --green",
    restart="on-failure",
)
