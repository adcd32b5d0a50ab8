from mkunit import Service

db = Service("db", exec_start="/usr/bin/db", restart="on-failure")
Service(
    "api",
    exec_start="/usr/bin/api",
    requires=db,  # here: requires-without-after
    restart="on-failure",
)
