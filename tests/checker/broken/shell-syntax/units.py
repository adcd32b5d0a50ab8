from mkunit import Service

Service(
    "clean",
    type="oneshot",
    exec_start="/usr/bin/rm -f /var/spool/app/*.tmp",  # here: shell-syntax
    wanted_by=[],
)
