from mkunit import Service, Socket

Socket(
    "web",
    listen=["/run/web.sock"],
    socket_user="web",  # here: socket-owner-is-dynamic
    socket_mode=0o600,
)
Service("web", exec_start="/usr/bin/web", dynamic_user=True)
