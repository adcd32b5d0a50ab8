from mkunit import Service

Service(
    "sync",
    exec_start="/home/alex/sync.sh",  # here: exec-in-home
    restart="on-failure",
)
