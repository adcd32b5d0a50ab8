from mkunit import Service

Service(
    "sync",
    exec_start="/home/alex/bin/sync",  # here: home-is-hidden
    user="alex",
    protect_home=True,
    restart="on-failure",
)
