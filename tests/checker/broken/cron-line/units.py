from mkunit import Service, Timer

Service("poll", type="oneshot", exec_start="/usr/bin/poll")
Timer("poll", on_calendar="0 4 * * *", persistent=True)  # here: bad-value
