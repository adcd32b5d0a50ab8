from mkunit import Service, Timer

Service("backup", type="oneshot", exec_start="/usr/bin/backup")
Timer(
    "backup",
    on_calendar="daily",
    persistent=True,
    wants="backup.service",  # here: timer-requires-service
)
