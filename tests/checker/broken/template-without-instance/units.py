from mkunit import Service

Service(
    "vpn@",
    exec_start="/usr/sbin/vpn %i",
    restart="on-failure",
    wanted_by="multi-user.target",  # here: template-without-instance
)
