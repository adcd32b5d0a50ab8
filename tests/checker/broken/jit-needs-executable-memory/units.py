from mkunit import Service

Service(
    "api",
    exec_start="/usr/bin/node /srv/api/server.js",
    memory_deny_write_execute=True,  # here: jit-needs-executable-memory
    user="api",
    restart="on-failure",
)
