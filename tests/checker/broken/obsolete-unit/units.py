from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    after="syslog.target",  # here: obsolete-unit
    restart="on-failure",
)
