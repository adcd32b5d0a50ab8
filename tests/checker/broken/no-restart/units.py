from mkunit import Service

Service("api", exec_start="/usr/bin/api")  # here: no-restart
