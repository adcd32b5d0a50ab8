from mkunit import Service

Service(
    "fetch",
    type="oneshot",
    exec_start="/usr/bin/curl -O https://example.com/list",  # here: no-network-for-client
    private_network=True,
    wanted_by=[],
)
