from mkunit import Service

Service(
    "app",
    type="dbus",  # here: contradiction
    exec_start="/usr/bin/app",
    restart="on-failure",
)
