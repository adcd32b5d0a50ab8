from mkunit import Service

Service(
    "api",
    exec_start="/opt/api/bin/api",  # here: runs-as-root
    restart="on-failure",
)
