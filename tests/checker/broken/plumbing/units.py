from mkunit import Service

Service(
    "app",
    exec_start="/usr/bin/app > /var/log/app.log",  # here: silent-loss
    restart="on-failure",
)
