from mkunit import Service

Service(
    "web",
    type="forking",
    exec_start="/usr/sbin/web --foreground",  # here: forking-in-foreground
    pid_file="/run/web.pid",
    restart="on-failure",
)
