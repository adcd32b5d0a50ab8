from mkunit import Service

Service(
    "web",
    type="notify",
    exec_start="/bin/sh -c 'umask 027; /usr/sbin/web'",  # here: notify-behind-shell
    restart="on-failure",
)
