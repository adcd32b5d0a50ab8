from mkunit import Service, Socket

Socket("web", listen=["0.0.0.0:8080"])
Service(
    "web",
    exec_start="/usr/bin/web",
    ip_address_deny="any",  # here: ip-filter-misses-socket
    ip_address_allow="10.0.0.0/8",
)
