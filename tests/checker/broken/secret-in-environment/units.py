from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/api",
    environment={"DB_PASSWORD": "hunter2"},  # here: secret-in-environment
    restart="on-failure",
)
