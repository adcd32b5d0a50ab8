from mkunit import Socket

Socket(
    "web",
    listen=["/var/lib/web/web.sock"],  # here: stale-socket-file
    socket_mode=0o660,
)
