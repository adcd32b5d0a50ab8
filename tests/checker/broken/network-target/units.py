from mkunit import Service

Service(
    "fetch",
    type="oneshot",
    exec_start="/usr/bin/curl -O https://example.com/list",
    after="network.target",  # here: network-target
    wanted_by=[],
)
