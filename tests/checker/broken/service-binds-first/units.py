from mkunit import Service, Socket

Socket("web", listen=["127.0.0.1:8080"])
Service(
    "web",
    exec_start="/usr/bin/web",
    wanted_by="multi-user.target",  # here: service-binds-first
    restart="on-failure",
)
