from mkunit import Service

db = Service("db", exec_start="/usr/bin/db", restart="on-failure")
Service(
    "app",
    exec_start="/usr/bin/app",
    binds_to=db,  # here: requires-without-after
    restart="on-failure",
)
