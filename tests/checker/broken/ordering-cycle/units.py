from mkunit import Service

Service(
    "a",
    exec_start="/usr/bin/a",
    after="b.service",
    restart="on-failure",
)
Service(
    "b",
    exec_start="/usr/bin/b",
    after="a.service",  # here: ordering-cycle
    restart="on-failure",
)
