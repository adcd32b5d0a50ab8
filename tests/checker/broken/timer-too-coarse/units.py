from mkunit import Service, Timer

Service("poll", type="oneshot", exec_start="/usr/bin/poll")
Timer("poll", on_boot_sec="1min", on_unit_active_sec="10s")  # here: timer-too-coarse
