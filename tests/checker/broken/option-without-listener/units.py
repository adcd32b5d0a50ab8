from mkunit import Socket

Socket(
    "web",
    listen=["/run/web.sock"],
    socket_mode=0o660,
    no_delay=True,  # here: option-without-listener
)
