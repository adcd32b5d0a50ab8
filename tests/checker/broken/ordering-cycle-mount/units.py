from mkunit import Mount, Service

Mount(
    "/srv/data",
    what="/dev/disk/by-label/data",
    after="app.service",  # here: ordering-cycle
)
Service(
    "app",
    exec_start="/usr/bin/app",
    restart="on-failure",
    working_directory="/srv/data",
)
