from mkunit import Service

Service(
    "app",
    exec_start="/usr/bin/app",
    restart="on-failure",
    memory_zswap_max="1G",  # here: newer-directive
)
