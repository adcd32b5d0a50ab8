from mkunit import Service, Socket

Socket("web", listen=["127.0.0.1:8080"])
Service(
    "web",
    exec_start="/bin/sh -c 'cd /srv/web && /usr/bin/web'",  # here: shell-breaks-listen-pid
)
