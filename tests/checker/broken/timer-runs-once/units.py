from mkunit import Service, Timer

Service(
    "poll",
    type="oneshot",
    exec_start="/usr/bin/poll",
    remain_after_exit=True,  # here: timer-runs-once
)
Timer("poll", on_calendar="hourly")
