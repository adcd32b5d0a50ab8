from mkunit import Socket

Socket("web", listen=["127.0.0.1:80"], scope="user")  # here: user-privileged-port
