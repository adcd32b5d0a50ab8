from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    after="network-online.target",  # here: online-without-wants
    restart="on-failure",
)
