from mkunit import Service

Service(
    "job",
    type="oneshot",
    exec_start="/usr/bin/job",
    restart="always",  # here: contradiction
    restart_sec=5,
    wanted_by=[],
)
