from mkunit import Socket

Socket(
    "web",
    listen=["127.0.0.1:8080"],
    after="network-online.target",  # here: socket-after-network
    wants="network-online.target",
)
