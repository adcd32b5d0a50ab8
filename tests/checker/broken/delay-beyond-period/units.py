from mkunit import Service, Timer

Service("poll", type="oneshot", exec_start="/usr/bin/poll")
Timer("poll", on_calendar="hourly", randomized_delay_sec="2h")  # here: delay-beyond-period
