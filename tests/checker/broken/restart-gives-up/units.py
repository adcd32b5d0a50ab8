from mkunit import Service

Service("api", exec_start="/usr/bin/api", restart="always")  # here: restart-gives-up
