from mkunit import Service, Timer

Service("poll", type="oneshot", exec_start="/usr/bin/poll")
Timer("poll", on_boot_sec="5min", persistent=True)  # here: persistent-needs-calendar
