from mkunit import Socket

Socket(
    "echo",
    listen=["127.0.0.1:7"],
    accept=True,
    flush_pending=True,  # here: flush-needs-no-accept
)
