from mkunit import Service

Service(
    "migrate",
    type="oneshot",
    exec_start="/usr/bin/migrate",
    wanted_by=[],
)
Service(
    "api",
    exec_start="/usr/bin/api",
    after="migrate.service",  # here: after-without-pull-in
    restart="on-failure",
)
