from mkunit import Service

Service(
    "web",
    type="forking",  # here: forking-without-pidfile
    exec_start="/usr/sbin/web",
    restart="on-failure",
)
