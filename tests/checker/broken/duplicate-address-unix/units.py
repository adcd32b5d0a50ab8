from mkunit import Socket

Socket("a", listen=["/run/app.sock"], socket_mode=0o660)
Socket("b", listen=["/run/app.sock"], socket_mode=0o660)  # here: duplicate-address
