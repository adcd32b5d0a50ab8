from mkunit import Socket

Socket("web", listen=["/run/web.sock"], socket_mode=660)  # here: bad-mode
