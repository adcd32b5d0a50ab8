from mkunit import Socket

Socket("web", listen=["/tmp/web.sock"], socket_mode=0o660)  # here: socket-in-tmp
