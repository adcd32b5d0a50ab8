from mkunit import Service, Socket

Socket("web", listen=["127.0.0.1:8080"])
Service(
    "web",
    exec_start="/usr/bin/web",
    condition_path_exists="/etc/web.conf",  # here: trigger-loop
)
