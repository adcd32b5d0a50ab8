from mkunit import Service

Service(
    "job",
    type="oneshot",
    exec_start="/usr/bin/job",
    runtime_max_sec=60,  # here: no-effect
    wanted_by=[],
)
