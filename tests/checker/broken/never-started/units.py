from mkunit import Service, Timer

Service("backup", type="oneshot", exec_start="/usr/bin/backup")
Timer(
    "backup",
    on_calendar="daily",
    persistent=True,
    wanted_by=[],  # here: never-started
)
