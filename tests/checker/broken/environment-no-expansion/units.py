from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    environment="PATH=$PATH:/opt/bin",  # here: environment-no-expansion
    restart="on-failure",
)
