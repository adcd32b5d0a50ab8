from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    restart="on-failure",
    alias="api.socket",  # here: alias-of-other-kind
)
