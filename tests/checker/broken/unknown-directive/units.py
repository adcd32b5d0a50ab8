from mkunit import Service

Service("app", exec_start="/usr/bin/app", restrat="always")  # here: unknown-directive
