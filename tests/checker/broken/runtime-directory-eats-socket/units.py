from mkunit import Service, Socket

Socket("web", listen=["/run/web/web.sock"], socket_mode=0o660)  # here: runtime-directory-eats-socket
Service(
    "web",
    exec_start="/usr/bin/web",
    runtime_directory="web",
)
