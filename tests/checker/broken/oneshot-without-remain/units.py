from mkunit import Service

Service("setup", type="oneshot", exec_start="/usr/sbin/setup")  # here: oneshot-without-remain
