from mkunit import Socket

Socket(
    "web",
    listen=["127.0.0.1:8080"],
    wanted_by="multi-user.target",  # here: socket-wantedby
)
