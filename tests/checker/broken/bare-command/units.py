from mkunit import Service

Service(
    "api",
    exec_start="node /srv/api/server.js",  # here: bare-command
    restart="on-failure",
)
