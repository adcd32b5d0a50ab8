from mkunit import Socket, udp

Socket("log", listen=[udp(5140, host="127.0.0.1")], accept=True)  # here: accept-not-a-stream
