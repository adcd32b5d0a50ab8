from mkunit import Service

Service(
    "web",
    exec_start="/usr/sbin/web",
    watchdog_sec=30,  # here: watchdog-without-notify
    restart="on-failure",
)
