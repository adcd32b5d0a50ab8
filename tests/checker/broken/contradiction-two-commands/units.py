from mkunit import Service

Service(
    "app",
    exec_start=["/usr/bin/app", "/usr/bin/other"],  # here: contradiction
    restart="on-failure",
)
