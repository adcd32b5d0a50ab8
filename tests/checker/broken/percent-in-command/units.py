from mkunit import Service

Service(
    "app",
    exec_start="/usr/bin/app --started +%H:%M",  # here: silent-loss
    restart="on-failure",
)
