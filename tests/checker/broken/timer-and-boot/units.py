from mkunit import Service, Timer

Service(
    "backup",
    type="oneshot",
    exec_start="/usr/bin/backup",
    wanted_by="multi-user.target",  # here: timer-and-boot
)
Timer("backup", on_calendar="daily", persistent=True)
