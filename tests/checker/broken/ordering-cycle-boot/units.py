from mkunit import Socket

Socket(
    "web",
    listen=["127.0.0.1:8080"],
    after="multi-user.target",  # here: ordering-cycle
)
