from mkunit import Service, Timer

Service("poll", type="oneshot", exec_start="/usr/bin/poll")
Timer("poll", on_unit_active_sec="10min")  # here: timer-never-starts
