from mkunit import Socket

Socket("web", listen=["127.0.0.1:8080"], socket_mode=0o660)  # here: owner-needs-path
